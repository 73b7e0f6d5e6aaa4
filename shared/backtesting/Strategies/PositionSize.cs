namespace Hexabase.Backtesting.Strategies;

/// <summary>How much an entry buys or sells; always whole units of the base currency.</summary>
/// <param name="Value">In what <paramref name="Measure"/> says.</param>
public readonly record struct PositionSize(SizeMeasure Measure, double Value);

/// <summary>What the number of a size counts.</summary>
public enum SizeMeasure
{
    /// <summary>Units of the base currency, at least 1.</summary>
    Units,

    /// <summary>A share of the buying power, between 0 and 1.</summary>
    Fraction,

    /// <summary>Account money: as many units as it is worth at the entry price.</summary>
    Cash,

    /// <summary>Percent of the equity that a move against the position by the rules' risk distance may lose.</summary>
    Risk,
}
