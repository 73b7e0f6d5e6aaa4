namespace Hexabase.Domain.Jobs;

/// <summary>A fixed amount of memory, handed out in the order of asking. Who asks for more than there is gets all of it, alone.</summary>
public sealed class MemoryBudget(long bytes) : IDisposable
{
    private const long Unit = 16 << 20;

    private readonly int most = UnitsOf(bytes);
    private readonly SemaphoreSlim free = new(UnitsOf(bytes));

    // One at a time collects its units, or two that wait for each other's would wait for ever.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Waits for so many bytes; disposing the answer gives them back.</summary>
    public async Task<IDisposable> Take(long bytes, CancellationToken ct)
    {
        var taken = new Share(free);
        await turn.WaitAsync(ct);
        try
        {
            while (taken.Units < Math.Min(UnitsOf(bytes), most))
            {
                await free.WaitAsync(ct);
                taken.Units++;
            }
            return taken;
        }
        catch (OperationCanceledException)
        {
            taken.Dispose();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        free.Dispose();
        turn.Dispose();
    }

    private static int UnitsOf(long bytes) => (int)Math.Max(1, (bytes + Unit - 1) / Unit);

    private sealed class Share(SemaphoreSlim free) : IDisposable
    {
        public int Units { get; set; }

        public void Dispose()
        {
            if (Units > 0)
                free.Release(Units);
            Units = 0;
        }
    }
}
