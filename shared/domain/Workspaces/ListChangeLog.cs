using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces;

/// <summary>Asks for the audit trail of the caller's workspace: its changes newest first, the lines of each from the last to the first.</summary>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListChangeLog(string AccountId, int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads audit trails, for their owners.</summary>
public sealed class ListChangeLogHandler(IDocumentStore documents)
{
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public async Task<Result<Listed<ChangeLogEntry>>> Handle(ListChangeLog ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var page = await documents.Query<ChangeLogEntry>(
            new PartitionQuery(Containers.Accounts, ask.AccountId, ChangeLogEntry.IdPrefix, ask.Limit, Descending: true, ask.Continuation), ct);
        return new Listed<ChangeLogEntry>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
