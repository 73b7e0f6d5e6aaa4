using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

public sealed class CandleImportTests
{
    private const string Header = "time,open,high,low,close,volume\n";
    private const string MetaTrader5Header = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>";
    private const string Row = "2017-04-19T09:00:00Z,1.0716,1.0722,1.07083,1.07219,1413\n";

    [ReferenceTheory]
    [InlineData("eurusd_h1", "H1", 5_000)]
    [InlineData("gbpusd_d1", "D1", 3_278)]
    public async Task Files_in_the_normalized_form_stay_as_they_are(string dataset, string timeframe, int rows)
    {
        var csv = ReferenceData.Csv(dataset);
        var (result, normalized) = await Import(csv);
        var summary = Imported(result);

        Assert.True(normalized.AsSpan().SequenceEqual(csv));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(csv)), summary.DatasetHash);
        Assert.Equal((rows, timeframe, csv.Length), (summary.Rows, summary.Timeframe, summary.SizeBytes));
    }

    [ReferenceFact]
    public async Task Idle_zeros_are_dropped_without_changing_a_number()
    {
        var csv = ReferenceData.Csv("usdjpy_m1");
        var (result, normalized) = await Import(csv);
        Candles before = ReferenceData.Candles("usdjpy_m1"), after = Candles.Parse(normalized);

        Assert.Equal((28_761, "M1"), (Imported(result).Rows, Imported(result).Timeframe));
        Assert.True(normalized.Length < csv.Length);
        Assert.Equal(before.Time, after.Time);
        Assert.Equal(before.Open, after.Open);
        Assert.Equal(before.Close, after.Close);
    }

    [ReferenceFact]
    public async Task Gaps_are_counted_and_the_largest_are_told()
    {
        var summary = Imported((await Import(ReferenceData.Csv("eurusd_h1"))).Result);
        Assert.Equal(42, summary.GapCount); // ../shared/data/README.md: 42 gaps longer than an hour
        Assert.Equal(5, summary.LargestGaps.Count);
        Assert.Equal(summary.LargestGaps.OrderByDescending(gap => gap.Length), summary.LargestGaps);
        Assert.True(summary.LargestGaps[^1].Length > TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("2017.04.19,09:00,1.0716,1.0722,1.07083,1.07219,1413\n")] // MetaTrader 4
    [InlineData(MetaTrader5Header + "\r\n2017.04.19\t09:00:00\t1.07160\t1.07220\t1.07083\t1.07219\t1413\t0\t7\r\n")]
    [InlineData("time,open,high,low,close,volume\r\n2017-04-19 09:00,1.0716,1.0722,1.07083,1.07219,1413")]
    [InlineData("\uFEFFTime,Open,High,Low,Close,Volume\n2017-04-19T09:00:00.000Z,1.07160,01.0722,1.07083,1.07219,1413.0\n\n")]
    [InlineData("timestamp;open;high;low;close;volume\n1492592400;1.0716;1.0722;1.07083;1.07219;1413\n")]
    [InlineData("2017-04-19T18:00:00+09:00, 1.0716, 1.0722, 1.07083, 1.07219, 1413\n")]
    [InlineData("1492592400000,1.0716,1.0722,1.07083,1.07219,1.413e3\n")]
    public async Task Every_known_format_gives_the_same_normalized_bytes(string text)
    {
        var (result, normalized) = await Import(text);
        Assert.Equal(1, Imported(result).Rows);
        Assert.Equal(Header + Row, Encoding.UTF8.GetString(normalized));
    }

    [Fact]
    public async Task Daily_MetaTrader_5_exports_have_no_time_column()
    {
        var (_, normalized) = await Import(
            MetaTrader5Header.Replace("<TIME>\t", "", StringComparison.Ordinal) + "\n2017.04.19\t1\t2\t0.5\t1.5\t7\t0\t1\n");
        Assert.Equal(Header + "2017-04-19T00:00:00Z,1,2,0.5,1.5,7\n", Encoding.UTF8.GetString(normalized));
    }

    [Fact]
    public async Task Without_a_volume_column_the_volume_is_zero()
    {
        var (_, normalized) = await Import("time,open,high,low,close\n2017-04-19T09:00:00Z,1,2,0.5,1.5\n");
        Assert.Equal(Header + "2017-04-19T09:00:00Z,1,2,0.5,1.5,0\n", Encoding.UTF8.GetString(normalized));
    }

    [Theory]
    [InlineData("2017-04-19T09:00:00Z,1,2,0.5,1.5,7", "the time is that of line 2 again")]
    [InlineData("2017-04-19T08:00:00Z,1,2,0.5,1.5,7", "the time is before that of line 2")]
    [InlineData("2017-04-31T10:00:00Z,1,2,0.5,1.5,7", "the time cannot be read; expected UTC as in 2017-04-19T09:00:00Z")]
    [InlineData("2017-04-19T10:00:00Z,1,2,0.5,1.5", "5 columns, expected 6")]
    [InlineData("2017-04-19T10:00:00Z,1,2,0.5,1.5,7,8", "7 columns, expected 6")]
    [InlineData("2017-04-19T10:00:00Z,1,1.4,0.5,1.5,7", "high is below open or close")]
    [InlineData("2017-04-19T10:00:00Z,1,2,1.2,1.5,7", "low is above open or close")]
    [InlineData("2017-04-19T10:00:00Z,0,2,0,1.5,7", "open is not positive")]
    [InlineData("2017-04-19T10:00:00Z,1,2,-1,1.5,7", "low is not positive")]
    [InlineData("2017-04-19T10:00:00Z,1,NaN,0.5,1.5,7", "high is not a number")]
    [InlineData("2017-04-19T10:00:00Z,1,2,0.5,1e999,7", "close is not a number")]
    [InlineData("2017-04-19T10:00:00Z,1,2,0.5,,7", "close is not a number")]
    [InlineData("2017-04-19T10:00:00Z,1,2,0.5,1.5,-7", "volume is negative")]
    public async Task A_bad_row_is_refused_with_its_line_and_reason(string row, string reason)
    {
        var (result, _) = await Import(Header + Row + row + "\n");
        var rejected = Assert.IsType<CandleImportResult.Rejected>(result);
        Assert.Equal(1, rejected.ErrorCount);
        Assert.Equal([new CandleError(3, reason)], rejected.Errors);
    }

    [Fact]
    public async Task The_first_twenty_errors_are_told_and_all_are_counted()
    {
        var (result, _) = await Import(Header + string.Concat(Enumerable.Repeat("x,1,2,0.5,1.5,7\n", 5_000)));
        var rejected = Assert.IsType<CandleImportResult.Rejected>(result);
        Assert.Equal((5_000, 20), (rejected.ErrorCount, rejected.Errors.Count));
        Assert.Equal(21, rejected.Errors[^1].Line);
    }

    [Theory]
    [InlineData("", "there are no candles")]
    [InlineData(Header, "there are no candles")]
    [InlineData(
        "a,b,c\n1,2,3\n",
        "the header must name time, open, high, low and close, as in " +
            "time,open,high,low,close,volume, or be an export of MetaTrader 4 or 5")]
    [InlineData("1,2,3\n", "3 columns; expected time,open,high,low,close,volume, or an export of MetaTrader 4 or 5")]
    [InlineData("PK\u0003\u0004\0\0\n", "the file is not UTF-8 text")]
    public async Task A_file_that_holds_no_candles_is_refused(string text, string reason)
    {
        var (result, _) = await Import(text);
        Assert.Equal(reason, Assert.IsType<CandleImportResult.Rejected>(result).Errors[0].Reason);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        var (result, _) = await Import(new string('1', 1 << 20));
        Assert.Contains("longer than", Assert.IsType<CandleImportResult.Rejected>(result).Errors[0].Reason, StringComparison.Ordinal);
    }

    [ReferenceFact]
    public async Task Gzip_is_unpacked()
    {
        var csv = ReferenceData.Csv("eurusd_h1");
        var (result, normalized) = await Import(Gzip(csv));
        Assert.Equal(5_000, Imported(result).Rows);
        Assert.True(normalized.AsSpan().SequenceEqual(csv));
    }

    [Fact]
    public async Task Damaged_gzip_is_refused()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes(Header + Row));
        packed[12] ^= 0xFF;
        packed[^6] ^= 0xFF;
        Assert.IsType<CandleImportResult.Rejected>((await Import(packed)).Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_longer_than_allowed_is_refused_however_small_it_was_packed(bool packed)
    {
        var text = Encoding.UTF8.GetBytes(Header + new string('\n', 200_000));
        var (result, _) = await Import(packed ? Gzip(text) : text, maxBytes: 100_000);
        Assert.Equal(new CandleImportResult.TooLarge(100_000), result);
    }

    [Fact]
    public void Importing_what_was_imported_changes_nothing() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int, NormalFloat, NormalFloat, uint)[]>(),
        rows =>
        {
            var text = new StringBuilder(Header);
            long time = 1_500_000_000;
            foreach (var (step, a, b, volume) in rows)
            {
                time += 1 + Math.Abs((long)step % 100_000);
                double low = Math.Min(Math.Abs(a.Get), 1e300) + 1e-300, high = low + Math.Min(Math.Abs(b.Get), 1e300);
                text.Append(FormattableString.Invariant($"{time},{low},{high},{low:R},{high:E17},{volume}\n"));
            }
            var (first, once) = Import(text.ToString()).GetAwaiter().GetResult();
            if (first is not CandleImportResult.Imported { Summary: var summary })
                return rows.Length == 0;
            var (second, twice) = Import(once).GetAwaiter().GetResult();
            return once.AsSpan().SequenceEqual(twice)
                && Imported(second).DatasetHash == summary.DatasetHash
                && Candles.Parse(once).Count == rows.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_make_an_import_throw() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        ArbMap.Default.ArbFor<NonNull<string>>(),
        (bytes, text) =>
        {
            _ = Import(bytes).GetAwaiter().GetResult();
            _ = Import([.. Encoding.UTF8.GetBytes(Header), .. bytes]).GetAwaiter().GetResult();
            _ = Import(Header + Row + text.Get.Replace('a', ',')).GetAwaiter().GetResult();
            _ = Import([0x1f, 0x8b, .. bytes]).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();

    private static Task<(CandleImportResult Result, byte[] Normalized)> Import(string text) => Import(Encoding.UTF8.GetBytes(text));

    private static async Task<(CandleImportResult Result, byte[] Normalized)> Import(byte[] upload, long maxBytes = 1 << 26, string? pair = null)
    {
        var normalized = new MemoryStream();
        var result = await CandleImport.Run(new MemoryStream(upload), normalized, maxBytes, pair, CancellationToken.None);
        return (result, normalized.ToArray());
    }

    private static CandleSummary Imported(CandleImportResult result) =>
        result is CandleImportResult.Rejected { Errors: var errors }
            ? throw new Xunit.Sdk.XunitException(string.Join("; ", errors))
            : Assert.IsType<CandleImportResult.Imported>(result).Summary;

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
