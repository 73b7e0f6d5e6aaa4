using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>Asks how a run stands.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="Wait">How long to wait for the run to finish, or, with <paramref name="KnownETag"/>, for anything to change.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetRun(string RunId, string? AccountId, TimeSpan Wait, string? KnownETag);

/// <summary>There is no such run, or the caller may not read it.</summary>
public sealed record UnknownRun() : Refusal(RefusalKind.NotFound, "RUN_NOT_FOUND", "There is no run with this id that you may read.");

/// <summary>Reads runs: the owner their own, others only public ones.</summary>
public sealed class GetRunHandler(IDocumentStore documents, TimeProvider clock)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The run with its version; after <see cref="GetRun.Wait"/> whatever it is then.</summary>
    public async Task<Result<Document<Run>>> Handle(GetRun ask, CancellationToken ct)
    {
        if (!RunId.TryParse(ask.RunId, out var id))
            return new UnknownRun();
        var until = clock.GetUtcNow() + ask.Wait;
        for (var pause = FirstLook; ; pause = pause < LongestPause ? pause * 1.5 : LongestPause)
        {
            var found = await Run.Read(documents, id, ct);
            if (found is null || !(found.Value.Public || id.Account == ask.AccountId))
                return new UnknownRun();
            if (found.Value.IsFinished() || (ask.KnownETag is not null && ask.KnownETag != found.ETag) || clock.GetUtcNow() + pause > until)
                return found;
            await Task.Delay(pause, clock, ct);
        }
    }
}
