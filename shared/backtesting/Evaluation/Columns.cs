using System.Buffers;
using Hexabase.Backtesting.Indicators;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>Columns of a list of steps over one set of candles, in rented arrays that are given back on release.</summary>
internal sealed class Columns : IDisposable
{
    private readonly IReadOnlyList<Step> steps;
    private readonly Candles candles;
    private readonly double[]?[] numbers;
    private readonly ulong[]?[] conditions;
    private readonly bool[] isRented;

    /// <summary>None of them computed yet.</summary>
    public Columns(IReadOnlyList<Step> steps, Candles candles)
    {
        this.steps = steps;
        this.candles = candles;
        numbers = new double[]?[steps.Count];
        conditions = new ulong[]?[steps.Count];
        isRented = new bool[steps.Count];
    }

    private int Words => Bits.Words(candles.Count);

    /// <summary>Computes every step of a plan. A column is given back as soon as nothing reads it any more, the kept ones on disposal.</summary>
    public static Columns Evaluate(Plan plan, Candles candles, CancellationToken ct)
    {
        var columns = new Columns(plan.Steps, candles);
        try
        {
            for (var i = 0; i < plan.Steps.Count; i++)
            {
                ct.ThrowIfCancellationRequested();
                columns.Compute(i);
                foreach (var input in plan.Steps[i].Inputs)
                {
                    if (plan.LastUse[input] == i)
                        columns.Release(input);
                }
            }
            return columns;
        }
        catch
        {
            columns.Dispose();
            throw;
        }
    }

    /// <summary>A kept column of numbers; it may be longer than there are candles.</summary>
    public double[] Numbers(int step) => numbers[step]!;

    /// <summary>A kept condition, as <see cref="Bits"/>.</summary>
    public ReadOnlySpan<ulong> Condition(int step) => conditions[step].AsSpan(0, Words);

    /// <summary>Takes the column of a step from other columns of the same steps, which keep it until it is released here.</summary>
    public void Borrow(int at, Columns owner)
    {
        numbers[at] = owner.numbers[at];
        conditions[at] = owner.conditions[at];
    }

    /// <summary>Forgets a column, if there is one.</summary>
    public void Release(int at)
    {
        if (isRented[at] && numbers[at] is { } column)
            ArrayPool<double>.Shared.Return(column);
        if (isRented[at] && conditions[at] is { } bits)
            ArrayPool<ulong>.Shared.Return(bits);
        isRented[at] = false;
        numbers[at] = null;
        conditions[at] = null;
    }

    public void Dispose()
    {
        for (var i = 0; i < numbers.Length; i++)
            Release(i);
    }

    /// <summary>Computes one step, after those it reads.</summary>
    public void Compute(int at)
    {
        switch (steps[at])
        {
            case SeriesStep { Series: >= PriceSeries.Hour and var series }:
                CalendarKernel.Run(series, candles.Time, RentNumbers(at));
                break;
            case SeriesStep { Series: var series }:
                numbers[at] = Prices(series);
                break;
            case IndicatorStep { Indicator: var indicator, First: var first, Second: var second, Third: var third }:
                indicator.Compute(new InputSeries(Series(first), Series(second), Series(third)), RentNumbers(at).AsSpan(0, candles.Count));
                break;
            case ArithmeticStep { Operator: var operation, Left: var left, Right: var right }:
                Run(new ArithmeticKernel(operation, RentNumbers(at), candles.Count), left, right);
                break;
            case OrderStep { Left: var left, Right: var right }:
                Run(new OrderKernel(RentBits(at, 3 * Words), candles.Count), left, right);
                break;
            case ConditionStep { Order: var order, Accepted: var accepted }:
                Accept(conditions[order], accepted, RentBits(at, Words).AsSpan(0, Words));
                break;
            case PreviousStep { Condition: var condition }:
                Bits.Past(Condition(condition), 1, RentBits(at, Words).AsSpan(0, Words));
                break;
            case PastStep { Condition: var condition, Bars: var bars }:
                Bits.Past(Condition(condition), bars, RentBits(at, Words).AsSpan(0, Words));
                break;
            case BarsSinceStep { Condition: var condition }:
                BarsSinceKernel.Run(Condition(condition), RentNumbers(at).AsSpan(0, candles.Count));
                break;
            case NotStep { Condition: var condition }:
                Bits.Not(Condition(condition), RentBits(at, Words).AsSpan(0, Words));
                break;
            case AndStep { Left: var left, Right: var right }:
                Bits.And(Condition(left), Condition(right), RentBits(at, Words).AsSpan(0, Words));
                break;
            case OrStep { Left: var left, Right: var right }:
                Bits.Or(Condition(left), Condition(right), RentBits(at, Words).AsSpan(0, Words));
                break;
            default:
                throw new NotSupportedException($"No column for {steps[at].GetType().Name}.");
        }
    }

    private ReadOnlySpan<double> Series(int step) => step < 0 ? default : numbers[step].AsSpan(0, candles.Count);

    private double[] Prices(PriceSeries series) => series switch
    {
        PriceSeries.Open => candles.OpenColumn,
        PriceSeries.High => candles.HighColumn,
        PriceSeries.Low => candles.LowColumn,
        PriceSeries.Volume => candles.VolumeColumn,
        _ => candles.CloseColumn,
    };

    private void Accept(ReadOnlySpan<ulong> orders, Ordering accepted, Span<ulong> result)
    {
        result.Clear();
        for (var ordering = 0; ordering < 3; ordering++)
        {
            if (accepted.HasFlag((Ordering)(1 << ordering)))
                Bits.Or(orders.Slice(ordering * Words, Words), result, result);
        }
    }

    private void Run<TKernel>(TKernel kernel, Operand left, Operand right)
        where TKernel : struct, IPairKernel
    {
        switch (left.IsConstant, right.IsConstant)
        {
            case (true, true):
                kernel.Run(new ConstantLane(left.Constant), new ConstantLane(right.Constant));
                break;
            case (true, false):
                kernel.Run(new ConstantLane(left.Constant), new ColumnLane(numbers[right.Step]!));
                break;
            case (false, true):
                kernel.Run(new ColumnLane(numbers[left.Step]!), new ConstantLane(right.Constant));
                break;
            default:
                kernel.Run(new ColumnLane(numbers[left.Step]!), new ColumnLane(numbers[right.Step]!));
                break;
        }
    }

    private double[] RentNumbers(int at)
    {
        isRented[at] = true;
        return numbers[at] = ArrayPool<double>.Shared.Rent(candles.Count);
    }

    private ulong[] RentBits(int at, int words)
    {
        isRented[at] = true;
        return conditions[at] = ArrayPool<ulong>.Shared.Rent(words);
    }
}
