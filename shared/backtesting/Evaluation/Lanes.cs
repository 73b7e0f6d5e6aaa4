using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>Where a kernel reads one of its inputs: a column or a constant. As a struct parameter it costs nothing.</summary>
internal interface ILane
{
    double At(int bar);

    /// <summary>The values of the four bars from <paramref name="bar"/> on.</summary>
    Vector256<double> Four(int bar);
}

internal readonly struct ColumnLane(double[] column) : ILane
{
    public double At(int bar) => column[bar];

    public Vector256<double> Four(int bar) => Vector256.Create(column, bar);
}

internal readonly struct ConstantLane(double constant) : ILane
{
    public double At(int bar) => constant;

    public Vector256<double> Four(int bar) => Vector256.Create(constant);
}

/// <summary>Work over two lanes, so that constants and columns are told apart once and not at every bar.</summary>
internal interface IPairKernel
{
    void Run<TLeft, TRight>(TLeft left, TRight right)
        where TLeft : struct, ILane
        where TRight : struct, ILane;
}
