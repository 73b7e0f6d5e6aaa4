using Hexabase.Backtesting.Indicators;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>One column to compute, from columns of earlier steps. Equal steps compute equal columns, so each is computed once.</summary>
internal abstract record Step
{
    /// <summary>The earlier steps it reads.</summary>
    public abstract IReadOnlyList<int> Inputs { get; }

    /// <summary>Bars after the first bar at which all inputs are defined until it is defined itself.</summary>
    public virtual int WarmUp => 0;

    /// <summary>About how many values it goes through for one bar.</summary>
    public virtual int WorkPerBar => 1;

    protected static IReadOnlyList<int> ColumnsAmong(Operand left, Operand right) => (left.IsConstant, right.IsConstant) switch
    {
        (true, true) => [],
        (true, false) => [right.Step],
        (false, true) => [left.Step],
        _ => [left.Step, right.Step],
    };
}

/// <summary>A column of numbers, or the same number at every bar.</summary>
/// <param name="Step">The step that computes the column; -1 for a constant.</param>
internal readonly record struct Operand(int Step, double Constant)
{
    public bool IsConstant => Step < 0;

    public static Operand Of(double constant) => new(-1, constant);

    public static Operand Column(int step) => new(step, 0);
}

internal enum PriceSeries
{
    Open,
    High,
    Low,
    Close,
    Volume,

    /// <summary>0 to 23, UTC, of the bar's opening.</summary>
    Hour,
    Minute,

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    Weekday,

    /// <summary>Days since 1970-01-01.</summary>
    Day,
}

internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
}

/// <summary>Ways in which two numbers can compare; a set of them is a condition. An undefined number compares in no way.</summary>
[Flags]
internal enum Ordering
{
    None = 0,
    Less = 1,
    Tie = 2,
    Greater = 4,
}

internal sealed record SeriesStep(PriceSeries Series) : Step
{
    public override IReadOnlyList<int> Inputs => [];
}

internal sealed record ArithmeticStep(Arithmetic Operator, Operand Left, Operand Right) : Step
{
    public override IReadOnlyList<int> Inputs => ColumnsAmong(Left, Right);
}

/// <param name="Second">-1 when the indicator reads one series only.</param>
/// <param name="Third">-1 when it reads two.</param>
internal sealed record IndicatorStep(Indicator Indicator, int First, int Second = -1, int Third = -1) : Step
{
    public override IReadOnlyList<int> Inputs => Third >= 0 ? [First, Second, Third] : Second >= 0 ? [First, Second] : [First];

    public override int WarmUp => Indicator.WarmUp;

    public override int WorkPerBar => Indicator.WorkPerBar;
}

/// <summary>Compares with the tie band; three bit columns, one for each <see cref="Evaluation.Ordering"/>.</summary>
internal sealed record OrderStep(Operand Left, Operand Right) : Step
{
    public override IReadOnlyList<int> Inputs => ColumnsAmong(Left, Right);
}

/// <summary>True where the order is one of <paramref name="Accepted"/>.</summary>
internal sealed record ConditionStep(int Order, Ordering Accepted) : Step
{
    public override IReadOnlyList<int> Inputs => [Order];
}

/// <summary>
/// The condition as it was one bar before, for a crossing; false at the first bar. It delays nothing: the first decision leaves
/// room for a crossing in any case.
/// </summary>
internal sealed record PreviousStep(int Condition) : Step
{
    public override IReadOnlyList<int> Inputs => [Condition];
}

/// <summary>The condition as it was some bars before; false where there are no such bars.</summary>
internal sealed record PastStep(int Condition, int Bars) : Step
{
    public override IReadOnlyList<int> Inputs => [Condition];

    public override int WarmUp => Bars;
}

/// <summary>
/// How many bars ago the condition was last true, 0 where it is; undefined before it has been. Nothing waits for that to happen:
/// only the numbers behind the condition count for the warm-up.
/// </summary>
internal sealed record BarsSinceStep(int Condition) : Step
{
    public override IReadOnlyList<int> Inputs => [Condition];
}

internal sealed record NotStep(int Condition) : Step
{
    public override IReadOnlyList<int> Inputs => [Condition];
}

internal sealed record AndStep(int Left, int Right) : Step
{
    public override IReadOnlyList<int> Inputs => [Left, Right];
}

internal sealed record OrStep(int Left, int Right) : Step
{
    public override IReadOnlyList<int> Inputs => [Left, Right];
}
