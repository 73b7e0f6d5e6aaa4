using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

public sealed class SimulationBoundsTests
{
    [Theory]
    [InlineData("fraction", 0.5, 1e-300, 1e300)] // the equity overflows
    [InlineData("units", 1, 1e-320, 1)] // the return in percent of the entry's value overflows
    public void Prices_beyond_what_numbers_can_hold_fail_the_run(string type, double size, double entry, double exit)
    {
        var strategy = Documents.Strategy(
            "close < 0.5", null, FormattableString.Invariant($$"""{"size": {"type": "{{type}}", "value": {{size}} } }"""));
        var outcome = Backtest.Run(strategy, Documents.Closes(1, entry, entry, exit, exit, exit), 0, CancellationToken.None);
        Assert.Equal("TOO_MUCH_MONEY", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
    }
}
