using System.Numerics;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>The entry and exit conditions at every bar; empty where the strategy has no such condition.</summary>
internal readonly ref struct Signals
{
    public readonly ReadOnlySpan<ulong> EnterLong;
    public readonly ReadOnlySpan<ulong> EnterShort;
    public readonly ReadOnlySpan<ulong> ExitLong;
    public readonly ReadOnlySpan<ulong> ExitShort;

    public Signals(TradingRules rules, Columns columns)
    {
        EnterLong = Of(rules.EnterLong, columns);
        EnterShort = Of(rules.EnterShort, columns);
        ExitLong = Of(rules.ExitLong, columns);
        ExitShort = Of(rules.ExitShort, columns);
    }

    /// <summary>
    /// The first bar from <paramref name="from"/> on at which a condition is true that matters to the position; <paramref name="last"/> when
    /// there is none before it.
    /// </summary>
    /// <param name="units">The position: signed, 0 when flat.</param>
    public int Next(double units, int from, int last) => units switch
    {
        > 0 => Next(EnterShort, ExitLong, from, last),
        < 0 => Next(EnterLong, ExitShort, from, last),
        _ => Next(EnterLong, EnterShort, from, last),
    };

    public static bool IsSet(ReadOnlySpan<ulong> condition, int bar) => !condition.IsEmpty && Bits.IsSet(condition, bar);

    private static int Next(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other, int from, int last)
    {
        if (one.IsEmpty || other.IsEmpty)
            one = other = one.IsEmpty ? other : one;
        if (one.IsEmpty)
            return last;
        var word = from / Bits.PerWord;
        var bits = (one[word] | other[word]) & (ulong.MaxValue << from);
        while (bits == 0)
        {
            if (++word * Bits.PerWord >= last)
                return last;
            bits = one[word] | other[word];
        }
        return Math.Min((word * Bits.PerWord) + BitOperations.TrailingZeroCount(bits), last);
    }

    private static ReadOnlySpan<ulong> Of(int? step, Columns columns) => step is { } at ? columns.Condition(at) : default;
}
