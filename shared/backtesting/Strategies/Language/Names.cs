using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Looks words up among series, parameters, definitions and functions, and says what may have been meant by others.</summary>
internal sealed class Names(IReadOnlyDictionary<string, double> parameters, Definitions definitions, PlanBuilder plan)
{
    private IEnumerable<string> All => [.. Vocabulary.Series.Keys, .. parameters.Keys, .. definitions.Names, .. Vocabulary.Functions.Keys];

    /// <exception cref="ExpressionException">Nothing has this name, or its definition has an error.</exception>
    public Bound Meaning(NameSyntax name)
    {
        if (Vocabulary.Series.TryGetValue(name.Name, out var series))
            return new BoundNumber(Operand.Column(series(plan)));
        if (parameters.TryGetValue(name.Name, out var value))
            return new BoundNumber(Operand.Of(value));
        return definitions.OrNull(name.Name, name.Column) ?? throw Unknown(name);
    }

    /// <exception cref="ExpressionException">No function has this name.</exception>
    public Function Function(CallSyntax call) =>
        Vocabulary.Functions.TryGetValue(call.Function, out var function) ? function : throw Unknown(call);

    /// <summary>Several results where one number is needed.</summary>
    public static ExpressionException NeedsResult(Syntax syntax, BoundOutputs outputs)
    {
        var (name, written) = Described(syntax);
        return new(syntax.Column, $"{name} has {string.Join(", ", outputs.Outputs.Keys)}: write {written}.{outputs.Outputs.Keys.First()}");
    }

    public static ExpressionException UnknownResult(MemberSyntax member, BoundOutputs outputs)
    {
        var (name, _) = Described(member.Operand);
        return new(member.Column, $"{name} has {string.Join(", ", outputs.Outputs.Keys)}" + Meant(member.Name, outputs.Outputs.Keys));
    }

    private ExpressionException Unknown(NameSyntax name)
    {
        if (Vocabulary.Functions.TryGetValue(name.Name, out var function))
            return new(name.Column, $"{name.Name} takes {function.Signature}");
        var known = $"; known are {string.Join(", ", Vocabulary.Series.Keys)} and what stands under parameters and let";
        return new(name.Column, $"unknown name \"{name.Name}\"" + (Meant(name.Name, All) ?? known));
    }

    private ExpressionException Unknown(CallSyntax call)
    {
        if (parameters.ContainsKey(call.Function))
            return new(call.Column, $"{call.Function} is a parameter, not a function");
        if (Vocabulary.Series.ContainsKey(call.Function) || definitions.Names.Contains(call.Function, StringComparer.Ordinal))
            return new(call.Column, $"{call.Function} is not a function; its value of one bar ago is {call.Function}[1]");
        var known = $"; known are {string.Join(", ", Vocabulary.Functions.Keys)}";
        return new(call.Column, $"unknown function \"{call.Function}\"" + (Meant(call.Function, Vocabulary.Functions.Keys) ?? known));
    }

    private static string? Meant(string word, IEnumerable<string> known) =>
        Spelling.Nearest(word, known) is { } nearest ? $"; did you mean {nearest}?" : null;

    /// <summary>How an expression with several results is called, and how it is written in short.</summary>
    private static (string Name, string Written) Described(Syntax syntax) => syntax switch
    {
        CallSyntax call => (call.Function, $"{call.Function}(...)"),
        NameSyntax name => (name.Name, name.Name),
        _ => throw new NotSupportedException(syntax.GetType().Name),
    };
}
