using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What a run writes down on its way. Cleared, it serves the next run.</summary>
internal sealed class Journal
{
    /// <summary>One that has grown beyond this is not kept.</summary>
    private const int MostTradesKept = 1 << 17;

    [ThreadStatic]
    private static Journal? spare;

    public List<Trade> Trades { get; } = [];

    public List<RejectedOrder> Rejected { get; } = [];

    public int RejectedCount { get; private set; }

    public List<int> TouchedBoth { get; } = [];

    public int TouchedBothCount { get; private set; }

    public List<EquityPoint> Equity { get; } = [];

    public List<EquityPoint> DayEnds { get; } = [];

    /// <summary>Where the account was used up.</summary>
    public int? BustBar { get; set; }

    /// <summary>An empty journal: the last of this thread, if it was given back.</summary>
    public static Journal Take()
    {
        var journal = spare ?? new Journal();
        spare = null;
        return journal;
    }

    /// <summary>Leaves the journal, whose lists nobody holds any more, to the next run on this thread.</summary>
    public void GiveBack()
    {
        if (Trades.Capacity > MostTradesKept)
            return;
        Clear();
        spare = this;
    }

    public void Reject(int bar, Rejection reason)
    {
        if (RejectedCount++ < Backtest.MostListed)
            Rejected.Add(new RejectedOrder(bar, reason));
    }

    /// <summary>The bar touched both stop and target.</summary>
    public void TouchBoth(int bar)
    {
        if (TouchedBothCount++ < Backtest.MostListed)
            TouchedBoth.Add(bar);
    }

    private void Clear()
    {
        Trades.Clear();
        Rejected.Clear();
        TouchedBoth.Clear();
        Equity.Clear();
        DayEnds.Clear();
        (RejectedCount, TouchedBothCount, BustBar) = (0, 0, null);
    }
}
