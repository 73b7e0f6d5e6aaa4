namespace Hexabase.Backtesting.Metrics;

/// <summary>Adds up the profits of trades, in their order.</summary>
internal struct TradeTally
{
    public int Trades { get; private set; }

    public int Wins { get; private set; }

    public int Losses { get; private set; }

    public double NetProfit { get; private set; }

    public double GrossProfit { get; private set; }

    /// <summary>At least 0.</summary>
    public double GrossLoss { get; private set; }

    public readonly double? ProfitFactor => Ratio.Of(GrossProfit, GrossLoss);

    public readonly double? WinRate => Ratio.Of(Wins, Trades);

    public readonly double? Expectancy => Ratio.Of(NetProfit, Trades);

    public readonly double? AvgWin => Ratio.Of(GrossProfit, Wins);

    public readonly double? AvgLoss => Ratio.Of(-GrossLoss, Losses);

    /// <summary>Counts a trade; one that made nothing is neither win nor loss.</summary>
    public void Add(double profit)
    {
        Trades++;
        NetProfit += profit;
        if (profit > 0)
        {
            Wins++;
            GrossProfit += profit;
        }
        else if (profit < 0)
        {
            Losses++;
            GrossLoss -= profit;
        }
    }
}
