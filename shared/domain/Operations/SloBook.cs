using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Operations;

/// <summary>
/// Adds what this instance has counted to the hours that all instances share, and tells how the objectives stand. What could not be written
/// stays for the next time.
/// </summary>
public sealed class SloBook(IDocumentStore documents, SloCounts counts, TimeProvider clock) : IDisposable
{
    /// <summary>A report is given out again so long: readers cost one query each time it is over.</summary>
    public static readonly TimeSpan ReportIsGood = TimeSpan.FromSeconds(30);

    /// <summary>How long a store that did not answer is left alone by readers.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private const int PageSize = 1_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly string instance = Guid.NewGuid().ToString("N")[..12];
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly Lock gate = new();
    private readonly List<Part> unwritten = [];
    private volatile SloReport? latest;
    private DateTimeOffset askAgain;
    private int parts;

    /// <summary>Writes what was counted since the last time; nothing when nothing was.</summary>
    public async Task Write(CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            foreach (var part in Unwritten())
            {
                await Add(part, ct);
                lock (gate)
                    unwritten.Remove(part);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>
    /// How the objectives stand, at most <see cref="ReportIsGood"/> ago; with what this instance has not written yet. The last report while
    /// the store is down.
    /// </summary>
    /// <exception cref="DependencyUnavailableException">The store does not answer, and there is no report yet.</exception>
    public async Task<SloReport> Read(CancellationToken ct)
    {
        if (Fresh is { } known)
            return known;
        await reading.WaitAsync(ct);
        try
        {
            if (Fresh is { } made)
                return made;
            if (clock.GetUtcNow() < askAgain)
                return latest ?? throw new DependencyUnavailableException("The counts could not be read a moment ago.");
            return latest = await Report(ct);
        }
        catch (DependencyUnavailableException) when (clock.GetUtcNow() >= askAgain)
        {
            askAgain = clock.GetUtcNow() + AskAgainAfter;
            if (latest is { } last)
                return last;
            throw;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose()
    {
        writing.Dispose();
        reading.Dispose();
    }

    private async Task<SloReport> Report(CancellationToken ct)
    {
        // Before the query: what is written meanwhile is found in both, and counted once.
        var own = Unwritten().ToList();
        var hours = new List<HourCounts>();
        string? continuation = null;
        do
        {
            var page = await documents.Query<SloHour>(
                new PartitionQuery(Containers.Listings, SloHour.List, IdPrefix: "", PageSize, Continuation: continuation), ct);
            own.RemoveAll(part => page.Items.Any(hour => hour.Value.Hour == part.Counts.Hour && hour.Value.Has(instance, part.Number)));
            hours.AddRange(page.Items.Select(hour => new HourCounts(hour.Value.Hour, hour.Value.Tallies)));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return SloReport.Of([.. hours, .. own.Select(part => part.Counts)], clock.GetUtcNow());
    }

    private SloReport? Fresh => latest is { } report && clock.GetUtcNow() - report.At < ReportIsGood ? report : null;

    private IReadOnlyList<Part> Unwritten()
    {
        lock (gate)
        {
            unwritten.AddRange(counts.Take().Select(hour => new Part(++parts, hour)));
            return [.. unwritten];
        }
    }

    private async Task Add(Part part, CancellationToken ct)
    {
        var id = SloHour.DocumentId(part.Counts.Hour);
        for (var tries = 1; ; tries++)
        {
            var stored = await documents.Read<SloHour>(Containers.Listings, SloHour.List, id, ct);
            var present = stored?.Value ?? SloHour.Empty(part.Counts.Hour);
            if (present.Has(instance, part.Number))
                return;
            var more = present.With(instance, part.Number, part.Counts.Tallies);
            var batch = new DocumentBatch(Containers.Listings, SloHour.List);
            _ = stored is null ? batch.Create(id, more, SloHour.Kept) : batch.Replace(id, more, stored.ETag, SloHour.Kept);
            if ((await documents.Commit(batch, ct)).Succeeded)
                return;

            // Another instance was faster. Chance keeps those that met from meeting again.
            var pause = TimeSpan.FromMilliseconds(20) * tries * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, ct);
        }
    }

    /// <summary>What goes into one hour at once, numbered in the order of counting.</summary>
    private sealed record Part(int Number, HourCounts Counts);
}
