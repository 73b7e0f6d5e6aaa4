using System.Text;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Candles that bring a spread of their own.</summary>
public sealed class CandleSpreadTests
{
    private const string MetaTrader5 =
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n2017.04.19\t09:00:00\t1\t2\t0.5\t1.5\t7\t0\t7\n";

    private const string Header = "time,open,high,low,close,volume,spread\n";

    [Theory]
    [InlineData("EURUSD", "0.00007")]
    [InlineData("USDJPY", "0.007")]
    public async Task MetaTrader_5_counts_spreads_in_points_of_the_pair(string pair, string spread) =>
        Assert.Equal(Header + $"2017-04-19T09:00:00Z,1,2,0.5,1.5,7,{spread}\n", await Normalized(MetaTrader5, pair));

    [Fact]
    public async Task Without_a_pair_the_points_of_MetaTrader_5_mean_nothing_and_are_left_out() =>
        Assert.Equal("time,open,high,low,close,volume\n2017-04-19T09:00:00Z,1,2,0.5,1.5,7\n", await Normalized(MetaTrader5, null));

    [Theory]
    [InlineData("time,open,high,low,close,volume,spread\n2017-04-19T09:00:00Z,1,2,0.5,1.5,7,0.00020\n")]
    [InlineData("spread;close;low;high;open;time\n2e-4;1.5;0.5;2;1;2017.04.19 09:00\n")]
    [InlineData("2017-04-19T09:00:00Z,1,2,0.5,1.5,7,0.0002\n")]
    public async Task A_column_named_spread_or_the_seventh_is_in_price_units(string text)
    {
        var normalized = await Normalized(text, "USDJPY");
        Assert.StartsWith(Header + "2017-04-19T09:00:00Z,1,2,0.5,1.5,", normalized, StringComparison.Ordinal);
        Assert.EndsWith(",0.0002\n", normalized, StringComparison.Ordinal);
        Assert.Equal(normalized, await Normalized(normalized, "USDJPY"));
    }

    [Fact]
    public async Task The_export_of_MetaTrader_5_to_Python_is_read_by_its_names() => Assert.Equal(
        Header + "2017-04-19T09:00:00Z,1,2,0.5,1.5,7,12\n",
        await Normalized("time,open,high,low,close,tick_volume,spread,real_volume\n1492592400,1,2,0.5,1.5,7,12,3\n", "EURUSD"));

    [Theory]
    [InlineData("-0.1", "spread is negative")]
    [InlineData("x", "spread is not a number")]
    public async Task A_spread_that_makes_no_sense_is_refused(string spread, string reason)
    {
        var upload = new MemoryStream(Encoding.UTF8.GetBytes(Header + $"2017-04-19T09:00:00Z,1,2,0.5,1.5,7,{spread}\n"));
        var result = await CandleImport.Run(upload, Stream.Null, 1_000, "EURUSD", CancellationToken.None);
        Assert.Equal([new CandleError(2, reason)], Assert.IsType<CandleImportResult.Rejected>(result).Errors);
    }

    [Fact]
    public void The_normalized_form_is_read_with_its_spreads() => Assert.Equal(
        [0.0002, 0], Candles.Parse(Encoding.UTF8.GetBytes(
            Header + "2017-04-19T09:00:00Z,1,2,0.5,1.5,7,0.0002\n2017-04-19T10:00:00Z,1,2,0.5,1.5,7,0\n")).Spread);

    [Fact]
    public void Candles_without_spreads_have_none() => Assert.True(Documents.Closes(1, 2).Spread.IsEmpty);

    private static async Task<string> Normalized(string text, string? pair)
    {
        var normalized = new MemoryStream();
        var upload = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var result = await CandleImport.Run(upload, normalized, 1_000, pair, CancellationToken.None);
        Assert.IsType<CandleImportResult.Imported>(result);
        return Encoding.UTF8.GetString(normalized.ToArray());
    }
}
