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

    /// <summary>The longest period of an indicator, and how far back history goes.</summary>
    public const int Period = 10_000;

    /// <summary>The first decision comes at this bar or earlier, however indicators and history are nested.</summary>
    public const int FirstDecisionBar = 100_000;

    public const int Parameters = 32;

    /// <summary>Expressions with a name.</summary>
    public const int Definitions = 32;

    /// <summary>How many errors of one document are told.</summary>
    public const int Errors = 100;

    public const int NameLength = 100;
    public const int DescriptionLength = 2_000;
}
