using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Benchmarks;

/// <summary>Reading candles as text: nanoseconds a byte, so that 5 are 200 MB/s.</summary>
public class CandleBenchmarks
{
    private const int Bytes = 5_000_000;

    private readonly byte[] csv = Csv();

    [Benchmark(OperationsPerInvoke = Bytes)]
    public Candles Parse() => Candles.Parse(csv);

    [Benchmark(OperationsPerInvoke = Bytes)]
    public Task<CandleImportResult> Import() =>
        CandleImport.Run(new MemoryStream(csv), Stream.Null, csv.Length, pair: null, CancellationToken.None);

    /// <summary>The normalized form, as many rows as make that many bytes to within one row.</summary>
    private static byte[] Csv()
    {
        const int longestRow = 64;
        var candles = RandomWalk.Candles(Bytes / 40);
        var text = new StringBuilder(Candles.Header + "\n");
        for (var i = 0; text.Length < Bytes - longestRow; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds(candles.Time[i]):yyyy-MM-ddTHH:mm:ssZ},");
            text.Append(CultureInfo.InvariantCulture, $"{candles.Open[i]},{candles.High[i]},{candles.Low[i]},{candles.Close[i]},100\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
