namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>An expression as it is written, before names mean anything.</summary>
/// <param name="Column">Where errors about it point.</param>
internal abstract record Syntax(int Column);

internal sealed record NumberSyntax(int Column, double Value) : Syntax(Column);

internal sealed record NameSyntax(int Column, string Name) : Syntax(Column);

/// <param name="Operator"><c>-</c> or <c>not</c>.</param>
internal sealed record UnarySyntax(int Column, string Operator, Syntax Operand) : Syntax(Column);

/// <param name="Operator">Arithmetic, comparison, <c>and</c> or <c>or</c>.</param>
internal sealed record BinarySyntax(int Column, string Operator, Syntax Left, Syntax Right) : Syntax(Column);

internal sealed record CallSyntax(int Column, string Function, IReadOnlyList<Syntax> Arguments) : Syntax(Column);

/// <summary>The value of some bars before: <c>close[1]</c>.</summary>
internal sealed record HistorySyntax(int Column, Syntax Operand, Syntax Bars) : Syntax(Column);

/// <summary>One of the results of a function that has several: <c>macd(close, 12, 26, 9).signal</c>.</summary>
internal sealed record MemberSyntax(int Column, Syntax Operand, string Name) : Syntax(Column);
