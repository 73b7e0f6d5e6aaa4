using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces;

/// <summary>Asks what the caller was told, newest first.</summary>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListNotices(string AccountId, int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads an account's notices.</summary>
public sealed class ListNoticesHandler(IDocumentStore documents)
{
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public async Task<Result<Listed<Notice>>> Handle(ListNotices ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var page = await documents.Query<Notice>(
            new PartitionQuery(Containers.Accounts, ask.AccountId, Notice.IdPrefix, ask.Limit, Descending: true, ask.Continuation), ct);
        return new Listed<Notice>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
