namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>
/// Recursive descent over:
/// <code>
/// or         = and { "or" and }
/// and        = not { "and" not }
/// not        = "not" not | comparison
/// comparison = sum [ ( "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!=" ) sum ]
/// sum        = product { ( "+" | "-" ) product }
/// product    = sign { ( "*" | "/" ) sign }
/// sign       = "-" sign | postfix
/// postfix    = operand { "[" or "]" | "." name }
/// operand    = number | name | name "(" or { "," or } ")" | "(" or ")"
/// </code>
/// </summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!="];

    private readonly IReadOnlyList<Token> tokens;
    private int at;
    private int depth;
    private int nodesLeft;

    private ExpressionParser(string text, int nodesLeft)
    {
        tokens = Lexer.Tokenize(text);
        this.nodesLeft = nodesLeft;
    }

    private Token Current => tokens[at];

    /// <summary>Reads all of <paramref name="text"/>.</summary>
    /// <param name="nodesLeft">How many nodes the document may still have; lessened by those of this expression.</param>
    /// <exception cref="ExpressionException">It is no expression, or too large a one.</exception>
    public static Syntax Parse(string text, ref int nodesLeft)
    {
        if (text.Length > StrategyLimits.ExpressionLength)
        {
            throw new ExpressionException(
                StrategyLimits.ExpressionLength + 1, $"an expression has at most {StrategyLimits.ExpressionLength} characters");
        }
        var parser = new ExpressionParser(text, nodesLeft);
        var syntax = parser.Or();
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Unexpected("an operator or the end");
        nodesLeft = parser.nodesLeft;
        return syntax;
    }

    private Syntax Or() => LeftToRight(And, "or");

    private Syntax And() => LeftToRight(Not, "and");

    private Syntax Not() => Current.Is("not") ? Prefixed(Not) : Comparison();

    private Syntax Comparison()
    {
        var left = Sum();
        if (!IsAny(Comparisons))
            return left;
        var comparison = Take();
        var syntax = Node(new BinarySyntax(comparison.Column, comparison.Text, left, Sum()));
        if (IsAny(Comparisons))
            throw new ExpressionException(Current.Column, "comparisons do not chain; join them with \"and\"");
        return syntax;
    }

    private Syntax Sum() => LeftToRight(Product, "+", "-");

    private Syntax Product() => LeftToRight(Sign, "*", "/");

    private Syntax Sign() => Current.Is("-") ? Prefixed(Sign) : Postfix();

    private Syntax Postfix()
    {
        var operand = Operand();
        while (IsAny(["[", "."]))
        {
            var postfix = Take();
            operand = Node(postfix.Text == "[" ? History(postfix, operand) : Member(operand));
        }
        return operand;
    }

    private HistorySyntax History(Token bracket, Syntax operand)
    {
        var bars = Nested(Or);
        Expect("]");
        return new HistorySyntax(bracket.Column, operand, bars);
    }

    private MemberSyntax Member(Syntax operand)
    {
        if (Current.Kind != TokenKind.Name)
            throw Unexpected("the name of a result after the \".\"");
        var name = Take();
        return new MemberSyntax(name.Column, operand, name.Text);
    }

    private Syntax Operand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                at++;
                return Node(new NumberSyntax(token.Column, token.Number));
            case TokenKind.Name when token.Text is not ("and" or "or" or "not"):
                at++;
                return Node(Current.Is("(")
                    ? new CallSyntax(token.Column, token.Text, Arguments())
                    : new NameSyntax(token.Column, token.Text));
            case TokenKind.Symbol when token.Text == "(":
                at++;
                var inner = Nested(Or);
                Expect(")");
                return inner;
            default:
                throw Unexpected("a number, a name or \"(\"");
        }
    }

    private List<Syntax> Arguments()
    {
        var arguments = new List<Syntax>();
        Expect("(");
        if (!Current.Is(")"))
        {
            arguments.Add(Nested(Or));
            while (Current.Is(","))
            {
                at++;
                arguments.Add(Nested(Or));
            }
        }
        Expect(")");
        return arguments;
    }

    private Syntax LeftToRight(Func<Syntax> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        while (IsAny(operators))
        {
            var token = Take();
            left = Node(new BinarySyntax(token.Column, token.Text, left, operand()));
        }
        return left;
    }

    private Syntax Prefixed(Func<Syntax> operand)
    {
        var token = Take();
        return Node(new UnarySyntax(token.Column, token.Text, Nested(operand)));
    }

    private Syntax Nested(Func<Syntax> inner)
    {
        if (++depth > StrategyLimits.Nesting)
            throw new ExpressionException(Current.Column, $"nested deeper than {StrategyLimits.Nesting}");
        var syntax = inner();
        depth--;
        return syntax;
    }

    private Syntax Node(Syntax syntax) => nodesLeft-- > 0
        ? syntax
        : throw new ExpressionException(
            syntax.Column, $"the expressions of a strategy have at most {StrategyLimits.Nodes} numbers, names and operators together");

    private bool IsAny(ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (Current.Is(text))
                return true;
        }
        return false;
    }

    private Token Take() => tokens[at++];

    private void Expect(string symbol)
    {
        if (!Current.Is(symbol))
            throw Unexpected($"\"{symbol}\"");
        at++;
    }

    private ExpressionException Unexpected(string expected) => new(Current.Column, $"expected {expected}, found {Current}");
}
