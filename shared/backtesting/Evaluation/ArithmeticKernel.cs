using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>One of the four operations, bar by bar; vector and scalar lanes round alike, so their split does not show.</summary>
internal readonly struct ArithmeticKernel(Arithmetic operation, double[] result, int count) : IPairKernel
{
    private const int Width = 4;

    public void Run<TLeft, TRight>(TLeft left, TRight right)
        where TLeft : struct, ILane
        where TRight : struct, ILane
    {
        switch (operation)
        {
            case Arithmetic.Add:
                Apply<Add, TLeft, TRight>(left, right);
                break;
            case Arithmetic.Subtract:
                Apply<Subtract, TLeft, TRight>(left, right);
                break;
            case Arithmetic.Multiply:
                Apply<Multiply, TLeft, TRight>(left, right);
                break;
            default:
                Apply<Divide, TLeft, TRight>(left, right);
                break;
        }
    }

    /// <summary>The same operation on two numbers.</summary>
    public static double Of(Arithmetic operation, double left, double right) => operation switch
    {
        Arithmetic.Add => left + right,
        Arithmetic.Subtract => left - right,
        Arithmetic.Multiply => left * right,
        _ => left / right,
    };

    private void Apply<TOperation, TLeft, TRight>(TLeft left, TRight right)
        where TOperation : struct, IOperation
        where TLeft : struct, ILane
        where TRight : struct, ILane
    {
        var bar = 0;
        for (; bar <= count - Width; bar += Width)
            TOperation.Of(left.Four(bar), right.Four(bar)).CopyTo(result, bar);
        for (; bar < count; bar++)
            result[bar] = TOperation.Of(left.At(bar), right.At(bar));
    }

    private interface IOperation
    {
        static abstract double Of(double left, double right);

        static abstract Vector256<double> Of(Vector256<double> left, Vector256<double> right);
    }

    private readonly struct Add : IOperation
    {
        public static double Of(double left, double right) => left + right;

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left + right;
    }

    private readonly struct Subtract : IOperation
    {
        public static double Of(double left, double right) => left - right;

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left - right;
    }

    private readonly struct Multiply : IOperation
    {
        public static double Of(double left, double right) => left * right;

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left * right;
    }

    private readonly struct Divide : IOperation
    {
        public static double Of(double left, double right) => left / right;

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left / right;
    }
}
