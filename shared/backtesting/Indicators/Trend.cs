namespace Hexabase.Backtesting.Indicators;

/// <summary>What to take from an indicator that follows the trend with a stop.</summary>
public enum Trend
{
    /// <summary>The price at which the trend counts as turned.</summary>
    Line,

    /// <summary>1 while the trend is up, -1 while it is down.</summary>
    Direction,
}
