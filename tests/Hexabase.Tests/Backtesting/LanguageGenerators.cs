using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Tests.Backtesting;

/// <summary>Random expressions that mean something, from all words of the vocabulary, and random candles.</summary>
internal static partial class LanguageGenerators
{
    private static readonly string[] Series = [.. Vocabulary.Series.Keys];
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!="];

    /// <summary>Every way to call a function: its name, its arguments, and one of its results as it is written behind the call.</summary>
    private static readonly (string Function, string[] Arguments, string Result)[] Calls =
    [
        .. from function in Vocabulary.Functions
           from arguments in Signatures(function.Value)
           from result in Results(function.Key, arguments)
           select (function.Key, arguments, result),
    ];

    private static readonly (string Function, string[] Arguments, string Result)[] NumberCalls =
        [.. Calls.Where(call => StandsFor(call.Function, call.Arguments) is not BoundCondition)];

    private static readonly (string Function, string[] Arguments, string Result)[] ConditionCalls =
        [.. Calls.Where(call => StandsFor(call.Function, call.Arguments) is BoundCondition)];

    public static Gen<string> Condition { get; } = Gen.Sized(size => ConditionOf(Math.Min(size, 30)));

    /// <summary>Calls of one function, with one of its results.</summary>
    public static Gen<string> CallOf(string function) =>
        from size in Gen.Sized(size => Gen.Constant(Math.Min(size, 10)))
        from call in Gen.Elements(Calls.Where(call => call.Function == function))
        from text in CallOf(call, size)
        select text;

    /// <summary>A walk in steps of a few sizes, so that bars often tie, with some volume and some hours missing.</summary>
    public static Gen<Candles> Candles(int count) =>
        from moves in Gen.Choose(-3, 3).ArrayOf(count)
        from bodies in Gen.Choose(-2, 2).ArrayOf(count)
        from wicks in Gen.Choose(0, 3).ArrayOf(2 * count)
        from volumes in Gen.Choose(0, 2).ArrayOf(count)
        from hours in Gen.Frequency((9, Gen.Constant(1)), (1, Gen.Choose(2, 50))).ArrayOf(count)
        select Of(moves, bodies, wicks, volumes, hours);

    private static Candles Of(int[] moves, int[] bodies, int[] wicks, int[] volumes, int[] hours)
    {
        const double Tick = 0.25;
        long time = 1_500_000_000 / 3600 * 3600;
        double price = 100;
        var bars = new List<(long Time, double Open, double High, double Low, double Close)>();
        for (var i = 0; i < moves.Length; i++)
        {
            var open = price = Math.Max(10, price + (Tick * moves[i]));
            var close = price + (Tick * bodies[i]);
            double upper = Tick * wicks[2 * i], lower = Tick * wicks[(2 * i) + 1];
            bars.Add((time, open, Math.Max(open, close) + upper, Math.Min(open, close) - lower, close));
            time += hours[i] * 3600L;
        }
        return new Candles(
            [.. bars.Select(bar => bar.Time)], [.. bars.Select(bar => bar.Open)], [.. bars.Select(bar => bar.High)],
            [.. bars.Select(bar => bar.Low)], [.. bars.Select(bar => bar.Close)], [.. volumes.Select(volume => (double)volume)]);
    }

    private static Gen<string> ConditionOf(int size)
    {
        var comparison =
            from left in NumberOf(size / 2)
            from sign in Gen.Elements(Comparisons)
            from right in NumberOf(size / 2)
            select $"{left} {sign} {right}";
        if (size <= 1)
            return comparison;
        return Gen.Frequency(
            (4, comparison),
            (3, Gen.Elements(ConditionCalls).SelectMany(call => CallOf(call, size / 2))),
            (1, from inner in ConditionOf(size / 2) select $"not ({inner})"),
            (1, from inner in ConditionOf(size / 2) from bars in Gen.Choose(0, 9) select $"({inner})[{bars}]"),
            (1, from left in ConditionOf(size / 2) from right in ConditionOf(size / 2) select $"({left} and {right})"),
            (1, from left in ConditionOf(size / 2) from right in ConditionOf(size / 2) select $"({left} or {right})"));
    }

    private static Gen<string> NumberOf(int size)
    {
        if (size <= 1)
            return Gen.Frequency((4, Gen.Elements(Series)), (1, Gen.Elements("1", "0.5", "100")));
        return Gen.Frequency(
            (1, NumberOf(0)),
            (2, SeriesOf(size)),
            (1, from inner in NumberOf(size / 2) select $"-{inner}"),
            (3, from left in NumberOf(size / 2)
                from sign in Gen.Elements("+", "-", "*", "/")
                from right in SeriesOf(size / 2)
                select $"({left} {sign} {right})"));
    }

    /// <summary>What changes from bar to bar: no constant.</summary>
    private static Gen<string> SeriesOf(int size)
    {
        if (size <= 1)
            return Gen.Elements(Series);
        return Gen.Frequency(
            (3, Gen.Elements(NumberCalls).Where(call => !IsFolded(call.Function)).SelectMany(call => CallOf(call, size / 2))),
            (1, from left in SeriesOf(size / 2)
                from right in NumberOf(size / 2)
                from end in Gen.Elements("min", "max")
                select $"{end}({left}, {right})"),
            (1, from inner in SeriesOf(size / 2) select $"abs({inner})"),
            (1, from inner in SeriesOf(size / 2) from bars in Gen.Choose(0, 9) select $"{inner}[{bars}]"));
    }

    private static Gen<string> CallOf((string Function, string[] Arguments, string Result) call, int size) =>
        Gen.CollectToList(call.Arguments, argument => ArgumentOf(argument, size))
            .Select(arguments => $"{call.Function}({string.Join(", ", arguments)}){call.Result}");

    /// <summary>The numbers of an indicator are small and those of one call ascend, as some of them must.</summary>
    private static Gen<string> ArgumentOf(string name, int size) => name switch
    {
        "series" => SeriesOf(size),
        "number" or "series or number" => NumberOf(size),
        "condition" => ConditionOf(size),
        "period" or "atr_period" or "fast" or "conversion" or "k_period" => Between(1, 9),
        "slow" or "base" => Between(10, 14),
        "signal" or "k_smoothing" or "d_period" => Between(1, 6),
        "span" => Between(15, 20),
        "width" or "multiple" => Gen.Elements("0.5", "1", "2.5"),
        "step" => Gen.Elements("0.02", "0.1"),
        "maximum" => Gen.Elements("0.2", "0.5"),
        _ => throw new NotSupportedException($"The generator does not know the argument \"{name}\": teach it."),
    };

    private static Gen<string> Between(int least, int most) => Gen.Choose(least, most).Select(number => $"{number}");

    /// <summary>These may be given constants only, of which they make a constant.</summary>
    private static bool IsFolded(string function) => function is "abs" or "min" or "max";

    /// <summary>From <c>(series) or (series, period)</c>: the arguments of each form.</summary>
    private static IEnumerable<string[]> Signatures(Function function) =>
        from form in Parentheses().Matches(function.Signature)
        select form.Groups["arguments"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Results(string function, string[] arguments) =>
        StandsFor(function, arguments) is BoundOutputs outputs ? outputs.Outputs.Keys.Select(name => $".{name}") : [""];

    private static Bound StandsFor(string function, string[] arguments) =>
        Expressions.Bind(CallOf((function, arguments, ""), 0).Sample(1, 1).First(), new PlanBuilder());

    [GeneratedRegex(@"\((?<arguments>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parentheses();
}
