using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks for the caller's sweeps, newest first.</summary>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListSweeps(string AccountId, int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads the list of an account's sweeps.</summary>
public sealed class ListSweepsHandler(IDocumentStore documents)
{
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public async Task<Result<Listed<SweepJob>>> Handle(ListSweeps ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var page = await documents.Query<SweepJob>(
            new PartitionQuery(Containers.Accounts, ask.AccountId, SweepJob.IdPrefix, ask.Limit, Descending: true, ask.Continuation), ct);
        return new Listed<SweepJob>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
