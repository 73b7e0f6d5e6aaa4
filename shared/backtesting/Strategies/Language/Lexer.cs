using System.Globalization;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Cuts an expression into tokens, always ending with <see cref="TokenKind.End"/>.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", "."];

    /// <exception cref="ExpressionException">A character or number that the language does not know.</exception>
    public static IReadOnlyList<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is ' ' or '\t' or '\n' or '\r')
            {
                at++;
                continue;
            }
            var token = Next(text, at);
            tokens.Add(token);
            at += token.Text.Length;
        }
        tokens.Add(new Token(TokenKind.End, "", text.Length + 1));
        return tokens;
    }

    private static Token Next(string text, int at)
    {
        var c = text[at];
        if (IsNameStart(c))
            return new Token(TokenKind.Name, Take(text, at, static c => IsNameStart(c) || char.IsAsciiDigit(c)), at + 1);
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number(text, at);
        return Array.Find(Symbols, symbol => text.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal)) is { } symbol
            ? new Token(TokenKind.Symbol, symbol, at + 1)
            : throw new ExpressionException(at + 1, Unknown(c));
    }

    private static Token Number(string text, int at)
    {
        var digits = Take(text, at, static c => char.IsAsciiDigit(c) || c == '.');
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        return isNumber && double.IsFinite(value)
            ? new Token(TokenKind.Number, digits, at + 1, value)
            : throw new ExpressionException(at + 1, $"\"{digits}\" is not a number");
    }

    private static string Unknown(char c) => c switch
    {
        '=' => "a lone \"=\"; compare with \"==\"",
        '&' => "unknown character \"&\"; write \"and\"",
        '|' => "unknown character \"|\"; write \"or\"",
        '!' => "unknown character \"!\"; write \"not\"",
        > ' ' and <= '~' => $"unknown character \"{c}\"",
        _ => $"unknown character U+{(int)c:X4}",
    };

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static string Take(string text, int start, Func<char, bool> belongs)
    {
        var end = start;
        while (end < text.Length && belongs(text[end]))
            end++;
        return text[start..end];
    }
}
