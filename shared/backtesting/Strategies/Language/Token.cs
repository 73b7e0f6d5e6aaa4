namespace Hexabase.Backtesting.Strategies.Language;

internal enum TokenKind
{
    End,
    Number,
    Name,
    Symbol,
}

/// <summary>One word of an expression.</summary>
/// <param name="Text">A name or symbol; the spelling of a number.</param>
/// <param name="Column">Of its first character, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Column, double Number = 0)
{
    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Name && Text == text;

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"\"{Text}\"";
}
