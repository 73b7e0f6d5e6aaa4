namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Leaves the reading of one expression at its first error; caught where the expression begins.</summary>
internal sealed class ExpressionException(int column, string message) : Exception(message)
{
    public int Column => column;

    /// <summary>Where the error is when it is in a definition; null when it is in the expression that is being read.</summary>
    public string? Path { get; private set; }

    /// <summary>The expression uses a definition that could not be read, which has been told where that was tried.</summary>
    public static ExpressionException OfUnreadable(int column) => new(column, "uses a definition that cannot be read") { IsKnown = true };

    /// <summary>True when the error need not be told again.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>Says where the error is, unless that is known already from further inside.</summary>
    public ExpressionException Within(string path)
    {
        Path ??= path;
        return this;
    }

    /// <summary>The error of an expression that stands at <paramref name="path"/>.</summary>
    public StrategyError At(string path) => new(Path ?? path, Column, Message);
}
