namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>Counts backtests done on any thread and tells the count, which never falls.</summary>
internal sealed class Progress(Action<int> told)
{
    private readonly Lock turn = new();
    private int done;

    public void Add(int count)
    {
        lock (turn)
            told(done += count);
    }
}
