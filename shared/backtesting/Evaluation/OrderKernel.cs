using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>
/// Compares with the tie band: a and b tie when <c>|a - b| &lt;= 1e-9 * max(|a|, |b|)</c>, since sums taken in another order differ in
/// the last bits and real candles do tie. What is not finite compares in no way.
/// </summary>
/// <param name="result">Three bit columns one after the other: less, tie, greater.</param>
internal readonly struct OrderKernel(ulong[] result, int count) : IPairKernel
{
    private const double Band = 1e-9;
    private const int Width = 4;

    public void Run<TLeft, TRight>(TLeft left, TRight right)
        where TLeft : struct, ILane
        where TRight : struct, ILane
    {
        var words = Bits.Words(count);
        var whole = count / Bits.PerWord;
        for (var word = 0; word < whole; word++)
        {
            ulong less = 0, tie = 0, greater = 0;
            for (var bit = 0; bit < Bits.PerWord; bit += Width)
            {
                var bar = (word * Bits.PerWord) + bit;
                Compare(left.Four(bar), right.Four(bar), out var l, out var t, out var g);
                less |= (ulong)l << bit;
                tie |= (ulong)t << bit;
                greater |= (ulong)g << bit;
            }
            Store(words, word, less, tie, greater);
        }
        if (whole < words)
            RunLast(left, right, words, whole);
    }

    /// <summary>The last, unfinished word.</summary>
    private void RunLast<TLeft, TRight>(TLeft left, TRight right, int words, int word)
        where TLeft : struct, ILane
        where TRight : struct, ILane
    {
        ulong less = 0, tie = 0, greater = 0;
        for (var bar = word * Bits.PerWord; bar < count; bar++)
        {
            Compare(Vector256.CreateScalar(left.At(bar)), Vector256.CreateScalar(right.At(bar)), out var l, out var t, out var g);
            less |= (ulong)(l & 1) << bar;
            tie |= (ulong)(t & 1) << bar;
            greater |= (ulong)(g & 1) << bar;
        }
        Store(words, word, less, tie, greater);
    }

    private static void Compare(Vector256<double> a, Vector256<double> b, out uint less, out uint tie, out uint greater)
    {
        Vector256<double> sizeOfA = Vector256.Abs(a), sizeOfB = Vector256.Abs(b);
        var band = Vector256.ConditionalSelect(Vector256.GreaterThan(sizeOfA, sizeOfB), sizeOfA, sizeOfB) * Band;
        var difference = a - b;
        greater = Vector256.GreaterThan(difference, band).ExtractMostSignificantBits();
        less = Vector256.LessThan(difference, -band).ExtractMostSignificantBits();
        var isFinite = Vector256.LessThan(band, Vector256.Create(double.PositiveInfinity));
        tie = (Vector256.LessThanOrEqual(Vector256.Abs(difference), band) & isFinite).ExtractMostSignificantBits();
    }

    private void Store(int words, int word, ulong less, ulong tie, ulong greater)
    {
        result[word] = less;
        result[words + word] = tie;
        result[(2 * words) + word] = greater;
    }
}
