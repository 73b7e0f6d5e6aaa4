using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Sweeps;

/// <summary>Why a try is to stop before its end.</summary>
internal enum SweepInterruption
{
    None,

    /// <summary>The owner cancelled the sweep.</summary>
    Cancelled,

    /// <summary>The queue has delivered the sweep again and another try has begun, or ended it.</summary>
    TakenOver,
}

/// <summary>Follows one try of a sweep while it computes: records how far it is, once a second, and notices when it is to stop.</summary>
/// <param name="attempt">Which try it is.</param>
internal sealed partial class SweepProgress(IDocumentStore documents, SweepId id, int attempt, TimeProvider clock, ILogger logger)
{
    private const int LooksPerRecord = 2;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private int evaluated;

    /// <summary>How many backtests are done.</summary>
    public int Evaluated => Volatile.Read(ref evaluated);

    /// <summary>Takes note of how many backtests are done; cheap, from any thread.</summary>
    public void Report(int done) => Volatile.Write(ref evaluated, done);

    /// <summary>Returns when the computation has ended or is being cancelled, or when it is to stop.</summary>
    public async Task<SweepInterruption> Follow(Task computing, CancellationToken ct)
    {
        for (var look = 1; ; look++)
        {
            await Task.WhenAny(computing, Task.Delay(BetweenLooks, clock, ct));
            if (computing.IsCompleted || ct.IsCancellationRequested)
                return SweepInterruption.None;
            var interruption = await TryLook(records: look % LooksPerRecord == 0, ct);
            if (interruption != SweepInterruption.None)
                return interruption;
        }
    }

    private async Task<SweepInterruption> TryLook(bool records, CancellationToken ct)
    {
        try
        {
            return await Look(records, ct);
        }
#pragma warning disable CA1031 // It is in the log, and a store that does not answer for a moment ends no computation.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotLooked(logger, e, id);
            return SweepInterruption.None;
        }
    }

    private async Task<SweepInterruption> Look(bool records, CancellationToken ct)
    {
        var found = await SweepJob.Read(documents, id, ct);
        if (found is null || found.Value.Attempt != attempt || found.Value.IsFinished())
            return SweepInterruption.TakenOver;
        if (found.Value.CancelRequestedAt is not null)
            return SweepInterruption.Cancelled;
        var done = Evaluated;
        if (records && done > found.Value.Evaluated)
        {
            // Refused when the sweep was cancelled just now, which the next look sees.
            var recorded = found.Value with { Evaluated = done };
            await documents.Commit(new DocumentBatch(Containers.Accounts, id.Account).Replace(found.Id, recorded, found.ETag), ct);
        }
        return SweepInterruption.None;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The progress of sweep {SweepId} could not be recorded")]
    private static partial void LogNotLooked(ILogger logger, Exception e, SweepId sweepId);
}
