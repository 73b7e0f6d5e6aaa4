using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Randomness;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What orders are filled at: the price of the candles, the spread for entries, and slippage for market orders and stops.</summary>
internal sealed class FillPrices(TradingCosts costs, Candles candles, long seed)
{
    private readonly SeededRandom? slippage = costs.Slippage > 0 ? new SeededRandom(seed, RandomStream.Slippage) : null;

    /// <summary>What a market entry would pay for a price of <paramref name="bar"/>: the price and the spread on its side.</summary>
    public double WithSpread(Direction direction, int bar, double price) =>
        costs.Spread.Paid(direction, price, costs.Spread.Measure == SpreadMeasure.FromData ? candles.SpreadColumn![bar] : 0);

    /// <summary>What a market entry pays at the open of <paramref name="bar"/>.</summary>
    public double Enter(Direction direction, int bar) =>
        Slip(direction == Direction.Long ? 1 : -1, WithSpread(direction, bar, candles.OpenColumn[bar]));

    /// <summary>What a position closed at the market, or by its stop, gets for a price.</summary>
    public double Leave(bool isLong, double price) => Slip(isLong ? -1 : 1, price);

    /// <summary>Each fill draws one number.</summary>
    private double Slip(int worse, double price) =>
        slippage is null ? price : price + (worse * costs.Slippage * slippage.NextFraction());
}
