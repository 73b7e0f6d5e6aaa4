namespace Hexabase.Backtesting.Sweeps;

/// <summary>Bounds that keep any search, and its result, of a known size.</summary>
public static class SweepLimits
{
    /// <summary>Backtests of one search, those of validation included.</summary>
    public const int Evaluations = 10_000;

    /// <summary>What simulating one bar counts for in the work of a search, in values gone through.</summary>
    public const int SimulationWork = 20;

    /// <summary>Parameters varied at once.</summary>
    public const int Parameters = 8;

    public const int MinWindows = 2;
    public const int MaxWindows = 50;

    /// <summary>Smallest and, as 1 minus it, largest share of the candles that validation sets apart.</summary>
    public const double MinShare = 0.1;

    /// <summary>How many of the best sets a result lists.</summary>
    public const int Best = 10;

    /// <summary>For how many of the sets that could not be measured a result tells the reason.</summary>
    public const int ListedInvalid = 100;

    /// <summary>A heat map of more cells than this is made coarser.</summary>
    public const int HeatMapCells = 10_000;

    /// <summary>Values on an axis of such a coarser map.</summary>
    public const int CoarseAxis = 50;
}
