using System.Globalization;
using System.Text;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

public sealed class CandlesTests
{
    [Fact]
    public void Columns_hold_what_the_text_says()
    {
        var candles = Parse(
            "2017-04-19T09:00:00Z,1.0716,1.0722,1.07083,1.07219,1413\n" +
            "2017-04-20T00:00:01Z,0.000012345678901234,1e+21,1.5e-7,3,0\n");
        Assert.Equal(2, candles.Count);
        Assert.Equal([1_492_592_400, 1_492_646_401], candles.Time);
        Assert.Equal([1.0716, 0.000012345678901234], candles.Open);
        Assert.Equal([1.0722, 1e21], candles.High);
        Assert.Equal([1.07083, 1.5e-7], candles.Low);
        Assert.Equal([1.07219, 3], candles.Close);
        Assert.Equal([1413, 0], candles.Volume);
    }

    [ReferenceTheory]
    [InlineData("eurusd_h1")]
    [InlineData("gbpusd_d1")]
    [InlineData("usdjpy_m1")]
    public void Every_number_is_the_double_nearest_to_its_text(string dataset)
    {
        var candles = ReferenceData.Candles(dataset);
        var rows = Encoding.ASCII.GetString(ReferenceData.Csv(dataset)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < candles.Count; i++)
        {
            var cells = rows[i + 1].Split(',');
            Assert.Equal(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), candles.Time[i]);
            Assert.Equal(
                cells[1..5].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)),
                [candles.Open[i], candles.High[i], candles.Low[i], candles.Close[i]]);
        }
    }

    [Theory]
    [InlineData("2017-04-19T09:00:00Z,1,2,0.5,1.5\n")]
    [InlineData("2017-04-19T09:00:00Z,1,2,0.5,1.5,7")]
    [InlineData("2017-04-19T09:00:00Z,1,2,0.5,1.5,7,8\n")]
    [InlineData("2017-04-19 09:00:00Z,1,2,0.5,1.5,7\n")]
    [InlineData("2017-04-19T09:00:00Z,1,2,,1.5,7\n")]
    [InlineData("\n")]
    public void What_is_not_normalized_is_refused_with_its_line(string row)
    {
        var failure = Assert.Throws<FormatException>(() => Parse("2017-04-19T08:00:00Z,1,2,0.5,1.5,7\n" + row));
        Assert.Contains("Line 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(951_782_399, "2000-02-28T23:59:59Z")]
    [InlineData(951_782_400, "2000-02-29T00:00:00Z")]
    [InlineData(4_107_542_400, "2100-03-01T00:00:00Z")]
    [InlineData(253_402_300_799, "9999-12-31T23:59:59Z")]
    public void Times_are_written_and_read_by_the_Gregorian_calendar(long unixSeconds, string text)
    {
        var written = new byte[UtcTime.TextLength];
        UtcTime.Write(unixSeconds, written);
        Assert.Equal(text, Encoding.ASCII.GetString(written));
        Assert.True(UtcTime.TryParse(written, out var read));
        Assert.Equal(unixSeconds, read);
    }

    private static Candles Parse(string rows) => Candles.Parse(Encoding.UTF8.GetBytes(Candles.Header + "\n" + rows));
}
