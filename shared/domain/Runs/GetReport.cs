using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for the report of a strategy.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
public sealed record GetReport(string Sid, string? AccountId);

/// <summary>A strategy's report: its owner's newest result, or how the first run stands while there is none.</summary>
/// <param name="Run">The run that is shown.</param>
/// <param name="Newer">A newer run that is not finished yet; null when there is none.</param>
public sealed record Report(Strategy Strategy, Run Run, Run? Newer);

/// <summary>The strategy has not been run by its owner.</summary>
public sealed record NoReport() : Refusal(
    RefusalKind.NotFound, "REPORT_NOT_FOUND", "There is no report of this strategy that you may read, or its owner has not run it yet.");

/// <summary>Reads reports. All point reads: the strategy, its owner's newest runs, the runs.</summary>
public sealed class GetReportHandler(IDocumentStore documents)
{
    public async Task<Result<Report>> Handle(GetReport ask, CancellationToken ct)
    {
        var strategy = await Strategy.Read(documents, ask.Sid, ct);
        if (strategy is null || !strategy.Value.CanBeReadBy(ask.AccountId))
            return new NoReport();
        var owner = strategy.Value.OwnerId;
        var isOwner = owner == ask.AccountId;
        var succeeded = await Newest(owner, LatestRun.SucceededDocumentId(ask.Sid), isOwner, ct);
        var accepted = await Newest(owner, LatestRun.AcceptedDocumentId(ask.Sid), isOwner, ct);
        if ((succeeded ?? accepted) is not { } shown)
            return new NoReport();
        var newer = accepted is not null && accepted.RunId != shown.RunId && !accepted.IsFinished() ? accepted : null;
        return new Report(strategy.Value, shown, newer);
    }

    /// <summary>The run a pointer names; null when there is none, or for others than the owner when it is not public.</summary>
    private async Task<Run?> Newest(string owner, string pointer, bool isOwner, CancellationToken ct)
    {
        var latest = await documents.Read<LatestRun>(Containers.Accounts, owner, pointer, ct);
        if (latest is null || !RunId.TryParse(latest.Value.RunId, out var id))
            return null;
        var run = await Run.Read(documents, id, ct);
        return run is not null && (isOwner || run.Value.Public) ? run.Value : null;
    }
}
