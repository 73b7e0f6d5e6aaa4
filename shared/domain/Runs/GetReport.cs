using System.Text.Json;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for the report of a strategy.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetReport(string Sid, string? AccountId, string? KnownETag = null);

/// <summary>A strategy's report: its owner's newest result, or how the first run stands while there is none.</summary>
/// <param name="Run">The run that is shown.</param>
/// <param name="Newer">A newer run that is not finished yet; null when there is none.</param>
/// <param name="Result">The result document; null while there is none, and when the caller has this version.</param>
/// <param name="IsOwner">The caller is the strategy's owner; others do not see what concerns the owner only.</param>
public sealed record Report(Strategy Strategy, Run Run, Run? Newer, JsonElement? Result, bool IsOwner)
{
    /// <summary>Differs whenever anything in the report, or in who sees it, does.</summary>
    public string ETag { get; } =
        $"{Run.RunId}.{Run.Status}.{Newer?.RunId}.{Newer?.Status}.{Strategy.Revision}{(IsOwner ? ".own" : "")}";

    /// <summary>False while a run that will change it is on its way.</summary>
    public bool IsSettled => Run.IsFinished() && Newer is null;
}

/// <summary>The strategy has not been run by its owner.</summary>
public sealed record ReportNotFound() : Refusal(
    RefusalKind.NotFound, "REPORT_NOT_FOUND", "There is no report of this strategy that you may read, or its owner has not run it yet.");

/// <summary>
/// Reads reports, for whoever may read the strategy at present. All point reads: the strategy, its owner's newest runs, the result.
/// </summary>
public sealed class GetReportHandler(IDocumentStore documents, IBlobStore blobs)
{
    public async Task<Result<Report>> Handle(GetReport ask, CancellationToken ct)
    {
        var strategy = Strategy.IsSid(ask.Sid) ? await Strategy.Read(documents, ask.Sid, ct) : null;
        if (strategy is null || !strategy.Value.CanBeReadBy(ask.AccountId))
            return new ReportNotFound();
        var owner = strategy.Value.OwnerId;
        var succeeded = await Newest(owner, LatestRun.SucceededDocumentId(ask.Sid), ct);
        var accepted = await Newest(owner, LatestRun.AcceptedDocumentId(ask.Sid), ct);
        if ((succeeded ?? accepted) is not { } shown)
            return new ReportNotFound();
        var newer = accepted is not null && accepted.RunId != shown.RunId && !accepted.IsFinished() ? accepted : null;
        var report = new Report(strategy.Value, shown, newer, Result: null, IsOwner: owner == ask.AccountId);
        return report.ETag == ask.KnownETag ? report : report with { Result = await ResultOf(shown, ct) };
    }

    /// <summary>The run a pointer names; null when there is none.</summary>
    private async Task<Run?> Newest(string owner, string pointer, CancellationToken ct)
    {
        var latest = await documents.Read<LatestRun>(Containers.Accounts, owner, pointer, ct);
        return latest is not null && RunId.TryParse(latest.Value.RunId, out var id) ? (await Run.Read(documents, id, ct))?.Value : null;
    }

    private async Task<JsonElement?> ResultOf(Run run, CancellationToken ct) =>
        run.ResultPath is { } path && await blobs.Read(path, ct) is { } json ? JsonElement.Parse(json.Span) : null;
}
