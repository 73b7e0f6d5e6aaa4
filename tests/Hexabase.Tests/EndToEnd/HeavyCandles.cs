using System.Globalization;
using System.Text;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Candles that take long enough to compute on that something can happen meanwhile.</summary>
internal static class HeavyCandles
{
    private const int Bars = 300_000;

    /// <summary>Uploads them as an operator, on a plan that may; the answer is their dataset_hash.</summary>
    public static async Task<string> Upload(Visitor op)
    {
        await op.Grant(op, new { reason = "test", plan = "pro" });
        return (await op.Upload("/api/datasets?name=heavy&pair=EURUSD&timeframe=M1", Csv())).GetProperty("dataset_hash").GetString()!;
    }

    private static string Csv()
    {
        var csv = new StringBuilder("time,open,high,low,close,volume\n");
        for (var i = 0; i < Bars; i++)
        {
            var time = DateTimeOffset.UnixEpoch.AddYears(40).AddMinutes(i);
            csv.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},1.1,2,1,1.{1 + (i / 7 % 9)},1\n");
        }
        return csv.ToString();
    }
}
