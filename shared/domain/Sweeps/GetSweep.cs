using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks how a sweep of the caller's stands.</summary>
/// <param name="Wait">How long to wait for it to finish, or, with <paramref name="KnownETag"/>, for status or progress to change.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetSweep(string SweepId, string AccountId, TimeSpan Wait, string? KnownETag);

/// <summary>Reads sweeps, for their owners.</summary>
public sealed class GetSweepHandler(IDocumentStore documents, LongPoll polls)
{
    /// <summary>The sweep with its version; after <see cref="GetSweep.Wait"/> whatever it is then.</summary>
    public async Task<Result<Document<SweepJob>>> Handle(GetSweep ask, CancellationToken ct)
    {
        if (!SweepId.TryParse(ask.SweepId, out var id) || id.Account != ask.AccountId)
            return new SweepNotFound();
        var found = await polls.Read(
            () => SweepJob.Read(documents, id, ct),
            found => found.Value.IsFinished() || (ask.KnownETag is not null && ask.KnownETag != found.ETag),
            ask.Wait,
            ct);
        return found is null ? new SweepNotFound() : found;
    }
}
