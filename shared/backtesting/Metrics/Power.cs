namespace Hexabase.Backtesting.Metrics;

/// <summary>
/// Powers with any exponent from + − × ÷ √ and whole-number arithmetic on exponents alone, so the same digits on every machine: the
/// pow of a platform's mathematical library does not promise its last one.
/// </summary>
internal static class Power
{
    /// <summary>Exponents go this far to either side of 0.</summary>
    public const double LargestExponent = 1L << 31;

    /// <summary>Beyond every exponent of two that a double can have.</summary>
    private const long BeyondDouble = 4_000;

    /// <summary>
    /// <paramref name="number"/> to the power of <paramref name="exponent"/>, with a relative error below 1e-14 where the result is a
    /// normal double; infinity or 0 where it is none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive and finite, or the exponent is too large.</exception>
    public static double Of(double number, double exponent)
    {
        if (number <= 0 || !double.IsFinite(number))
            throw new ArgumentOutOfRangeException(nameof(number), number, "Expected a positive number.");
        if (!(Math.Abs(exponent) <= LargestExponent))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "Expected an exponent within ±2^31.");
        var size = Math.Abs(exponent);
        var whole = Math.Floor(size);
        var power = Whole(Scaled.Of(number), (long)whole) * Scaled.Of(Fraction(number, size - whole));
        return exponent < 0 ? power.Reciprocal() : power.ToDouble();
    }

    /// <summary>By squaring, with twice the digits of a double, since every squaring doubles the error too.</summary>
    private static Scaled Whole(Scaled number, long exponent)
    {
        var power = Scaled.Of(1);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                power *= number;
            number *= number;
        }
        return power;
    }

    /// <summary>By square roots: one for every binary digit of an exponent below 1. Every root halves the error so far.</summary>
    private static double Fraction(double number, double exponent)
    {
        double power = 1, root = number;
        while (exponent > 0)
        {
            root = Math.Sqrt(root);
            exponent *= 2;
            if (exponent < 1)
                continue;
            exponent--;
            power *= root;
        }
        return power;
    }

    /// <summary>(Head + Tail) · 2^Exponent, the head near 1 and the tail its rounding error (Dekker, 1971).</summary>
    private readonly record struct Scaled(double Head, double Tail, long Exponent)
    {
        private const double Splitter = (1 << 27) + 1;

        public static Scaled Of(double number)
        {
            var exponent = Math.ILogB(number);
            return new Scaled(Math.ScaleB(number, -exponent), 0, exponent);
        }

        public static Scaled operator *(Scaled a, Scaled b)
        {
            var product = a.Head * b.Head;
            var rest = ErrorOf(product, a.Head, b.Head) + ((a.Head * b.Tail) + (a.Tail * b.Head));
            var head = product + rest;
            var tail = rest - (head - product);
            var exponent = a.Exponent + b.Exponent;
            return head < 2 ? new Scaled(head, tail, exponent) : new Scaled(head / 2, tail / 2, exponent + 1);
        }

        public double ToDouble() => Scale(Head, Exponent);

        public double Reciprocal() => Scale(1 / Head, -Exponent);

        private static double Scale(double number, long exponent) =>
            Math.ScaleB(number, (int)Math.Clamp(exponent, -BeyondDouble, BeyondDouble));

        /// <summary>What rounding took from a product, exactly.</summary>
        private static double ErrorOf(double product, double a, double b)
        {
            var (aHigh, aLow) = Split(a);
            var (bHigh, bLow) = Split(b);
            return (aHigh * bHigh) - product + (aHigh * bLow) + (aLow * bHigh) + (aLow * bLow);
        }

        /// <summary>Two halves of 26 digits, whose products are exact.</summary>
        private static (double High, double Low) Split(double number)
        {
            var scaled = Splitter * number;
            var high = scaled - (scaled - number);
            return (high, number - high);
        }
    }
}
