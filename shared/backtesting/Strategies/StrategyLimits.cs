namespace Hexabase.Backtesting.Strategies;

/// <summary>Bounds that keep any document cheap to read and to run.</summary>
public static class StrategyLimits
{
    public const int DocumentBytes = 64 * 1024;
    public const int ExpressionLength = 2_000;

    /// <summary>Parentheses, calls and signs inside each other.</summary>
    public const int Nesting = 64;

    /// <summary>Numbers, names, operators and calls of all expressions of a document together.</summary>
    public const int Nodes = 500;

    public const int Period = 10_000;
    public const int Parameters = 32;
    public const int NameLength = 100;
    public const int DescriptionLength = 2_000;
}
