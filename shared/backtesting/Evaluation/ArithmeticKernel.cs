using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>
/// One operation, bar by bar; vector and scalar lanes round alike, so their split does not show. The result is undefined, a NaN, where
/// an operand is undefined or the result is no finite number.
/// </summary>
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
            case Arithmetic.Divide:
                Apply<Divide, TLeft, TRight>(left, right);
                break;
            case Arithmetic.Min:
                Apply<Min, TLeft, TRight>(left, right);
                break;
            default:
                Apply<Max, TLeft, TRight>(left, right);
                break;
        }
    }

    /// <summary>The same operation on two numbers.</summary>
    public static double Of(Arithmetic operation, double left, double right) => operation switch
    {
        Arithmetic.Add => left + right,
        Arithmetic.Subtract => left - right,
        Arithmetic.Multiply => left * right,
        Arithmetic.Divide => left / right,
        Arithmetic.Min => Math.Min(left, right),
        _ => Math.Max(left, right),
    };

    private void Apply<TOperation, TLeft, TRight>(TLeft left, TRight right)
        where TOperation : struct, IOperation
        where TLeft : struct, ILane
        where TRight : struct, ILane
    {
        var bar = 0;
        for (; bar <= count - Width; bar += Width)
        {
            Vector256<double> a = left.Four(bar), b = right.Four(bar);
            var value = TOperation.Of(a, b);
            Vector256.ConditionalSelect(IsFinite(a) & IsFinite(b) & IsFinite(value), value, Vector256.Create(double.NaN)).CopyTo(result, bar);
        }
        for (; bar < count; bar++)
        {
            double a = left.At(bar), b = right.At(bar);
            var value = TOperation.Of(a, b);
            result[bar] = double.IsFinite(a) && double.IsFinite(b) && double.IsFinite(value) ? value : double.NaN;
        }
    }

    private static Vector256<double> IsFinite(Vector256<double> values) =>
        Vector256.LessThan(Vector256.Abs(values), Vector256.Create(double.PositiveInfinity));

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

    private readonly struct Min : IOperation
    {
        public static double Of(double left, double right) => Math.Min(left, right);

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => Vector256.Min(left, right);
    }

    private readonly struct Max : IOperation
    {
        public static double Of(double left, double right) => Math.Max(left, right);

        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => Vector256.Max(left, right);
    }
}
