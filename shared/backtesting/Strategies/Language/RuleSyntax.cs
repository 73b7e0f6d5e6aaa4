namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>The rules of a strategy as they are written: understood word by word, before parameters have values.</summary>
/// <param name="Definitions">Expressions with names, which all the others may use; null when one could not be read.</param>
/// <param name="MostBars">A constant.</param>
internal sealed record RuleSyntax(
    IReadOnlyDictionary<string, PlacedExpression?> Definitions,
    PlacedExpression? EnterLong,
    PlacedExpression? EnterShort,
    PlacedExpression? ExitLong,
    PlacedExpression? ExitShort,
    ProtectionSyntax? StopLoss,
    ProtectionSyntax? TakeProfit,
    ProtectionSyntax? TrailingStop,
    RiskSyntax? Risk,
    PlacedExpression? MostBars,
    TradingSession? Session);

/// <summary>An expression and where it stands in the document.</summary>
internal sealed record PlacedExpression(string Path, Syntax Syntax);

/// <summary>A stop or target, at a distance from a close.</summary>
/// <param name="IsPercent">Whether the distance is in percent of that close, or in price units.</param>
internal sealed record ProtectionSyntax(bool IsPercent, PlacedExpression Distance);

/// <summary>The move that a size by risk counts with: a multiple of the average true range.</summary>
internal sealed record RiskSyntax(PlacedExpression Range, PlacedExpression Multiple);
