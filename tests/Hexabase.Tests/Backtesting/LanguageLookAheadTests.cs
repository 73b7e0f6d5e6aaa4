using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Tests.Backtesting;

/// <summary>What a strategy knows at a bar does not depend on any bar after it, whatever its expressions say.</summary>
public sealed class LanguageLookAheadTests
{
    private const int Bars = 150;

    public static TheoryData<string> Functions() => [.. Vocabulary.Functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_sees_no_later_bar(string function) => SeesNoLaterBar(LanguageGenerators.CallOf(function), 50);

    [Fact]
    public void An_expression_sees_no_later_bar() => SeesNoLaterBar(LanguageGenerators.Condition, 1_000);

    [Fact]
    public void A_column_that_did_change_would_be_seen()
    {
        var candles = Documents.Closes([.. Enumerable.Range(1, 70).Select(i => (double)i)]);
        var changed = Changed(candles, candles, 66);
        var columns = Columns("close > 67", candles);
        Assert.True(AreTheSame(columns, Columns("close > 67", changed), 67));
        Assert.False(AreTheSame(columns, Columns("close > 67", changed), 68));
    }

    private static void SeesNoLaterBar(Gen<string> expressions, int tests)
    {
        var cases =
            from expression in expressions
            from candles in LanguageGenerators.Candles(Bars)
            from others in LanguageGenerators.Candles(Bars)
            from bar in Gen.Choose(0, Bars - 1)
            select (Expression: expression, Candles: candles, Others: others, Bar: bar);
        Prop.ForAll(
            cases.ToArbitrary(),
            sample =>
            {
                var columns = Columns(sample.Expression, sample.Candles);
                var changed = Columns(sample.Expression, Changed(sample.Candles, sample.Others, sample.Bar));
                var cutOff = Columns(sample.Expression, CutOff(sample.Candles, sample.Bar));
                return (AreTheSame(columns, changed, sample.Bar + 1) && AreTheSame(columns, cutOff, sample.Bar + 1))
                    .Label($"{sample.Expression} after bar {sample.Bar}");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
    }

    /// <summary>Every column of an expression, the intermediate ones too: numbers as bits, conditions as 0 and 1.</summary>
    private static List<long[]> Columns(string expression, Candles candles)
    {
        var builder = new PlanBuilder();
        if (Expressions.Bind(expression, builder) is BoundOutputs outputs)
            _ = outputs.Outputs.Values.Select(output => output()).ToList();
        var plan = builder.Build();
        plan = plan with { LastUse = [.. plan.Steps.Select(_ => Plan.Forever)] };
        using var columns = Hexabase.Backtesting.Evaluation.Columns.Evaluate(plan, candles, CancellationToken.None);
        var values = new List<long[]>();
        for (var step = 0; step < plan.Steps.Count; step++)
        {
            var column = new long[candles.Count];
            var numbers = columns.Numbers(step);
            for (var bar = 0; bar < column.Length; bar++)
            {
                column[bar] = numbers is null
                    ? Bits.IsSet(columns.Condition(step), bar) ? 1 : 0
                    : double.IsNaN(numbers[bar]) ? long.MinValue : BitConverter.DoubleToInt64Bits(numbers[bar]);
            }
            values.Add(column);
        }
        return values;
    }

    private static bool AreTheSame(List<long[]> columns, List<long[]> others, int bars) =>
        columns.Zip(others).All(pair => pair.First.AsSpan(0, bars).SequenceEqual(pair.Second.AsSpan(0, bars)));

    private static Candles CutOff(Candles candles, int bar) => new(
        candles.Time[..(bar + 1)].ToArray(), candles.Open[..(bar + 1)].ToArray(), candles.High[..(bar + 1)].ToArray(),
        candles.Low[..(bar + 1)].ToArray(), candles.Close[..(bar + 1)].ToArray(), candles.Volume[..(bar + 1)].ToArray());

    /// <summary>The same candles up to a bar, then others at far higher prices.</summary>
    private static Candles Changed(Candles candles, Candles others, int bar)
    {
        const double Higher = 7;
        double[] Joined(ReadOnlySpan<double> before, ReadOnlySpan<double> after, double factor)
        {
            var joined = after.ToArray();
            for (var i = 0; i < joined.Length; i++)
                joined[i] = i <= bar ? before[i] : factor * after[i];
            return joined;
        }
        return new Candles(
            candles.Time.ToArray(), Joined(candles.Open, others.Open, Higher), Joined(candles.High, others.High, Higher),
            Joined(candles.Low, others.Low, Higher), Joined(candles.Close, others.Close, Higher), Joined(candles.Volume, others.Volume, 1));
    }
}
