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
