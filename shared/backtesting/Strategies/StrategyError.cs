namespace Hexabase.Backtesting.Strategies;

/// <summary>One thing wrong with a strategy document.</summary>
/// <param name="Path">Where: property names joined by dots; empty for the document as a whole.</param>
/// <param name="Column">In expressions, the character it is about, counted from 1.</param>
/// <param name="Message">What is wrong and what is expected, for a person.</param>
public sealed record StrategyError(string Path, int? Column, string Message)
{
    public override string ToString() =>
        Column is { } column ? $"{Path} col {column}: {Message}" : Path.Length == 0 ? Message : $"{Path}: {Message}";
}
