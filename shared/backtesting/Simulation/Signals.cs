using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>The entry and exit conditions at every bar, and where any of them is true at all.</summary>
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

    /// <summary>The bars of one word of 64 at which any condition is true.</summary>
    public ulong Any(int word) => At(EnterLong, word) | At(EnterShort, word) | At(ExitLong, word) | At(ExitShort, word);

    /// <summary>False everywhere when the strategy has no such condition.</summary>
    public static bool IsSet(ReadOnlySpan<ulong> condition, int bar) => !condition.IsEmpty && Bits.IsSet(condition, bar);

    private static ReadOnlySpan<ulong> Of(int? step, Columns columns) => step is { } at ? columns.Condition(at) : default;

    private static ulong At(ReadOnlySpan<ulong> condition, int word) => condition.IsEmpty ? 0 : condition[word];
}
