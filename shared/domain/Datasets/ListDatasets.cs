using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Datasets;

/// <summary>Asks for the built-in datasets and then the caller's own, by hash.</summary>
/// <param name="AccountId">Null for an anonymous caller, who sees the built-in ones.</param>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListDatasets(string? AccountId, int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads the list of datasets: one partition after the other, each page filled up.</summary>
public sealed class ListDatasetsHandler(IDocumentStore documents)
{
    private const string InBuiltIn = "built_in.";
    private const string InOwn = "own.";
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public async Task<Result<Listed<Dataset>>> Handle(ListDatasets ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var own = ask.AccountId is { } accountId
            ? new PartitionQuery(Containers.Accounts, accountId, Dataset.OwnIdPrefix, ask.Limit)
            : null;
        if (ask.Continuation is null || After(ask.Continuation, InBuiltIn) is not null)
        {
            var builtIn = new PartitionQuery(Containers.Listings, Dataset.BuiltInList, IdPrefix: "", ask.Limit);
            var page = await Query(builtIn with { Continuation = After(ask.Continuation, InBuiltIn) }, InBuiltIn, ct);
            if (page.Continuation is not null || own is null)
                return page;
            if (page.Items.Count == ask.Limit)
                return page with { Continuation = InOwn };
            var rest = await Query(own with { Limit = ask.Limit - page.Items.Count }, InOwn, ct);
            return rest with { Items = [.. page.Items, .. rest.Items] };
        }
        if (own is null || After(ask.Continuation, InOwn) is not { } token)
            throw new InvalidContinuationException("It was made for another list.");
        return await Query(own with { Continuation = token.Length == 0 ? null : token }, InOwn, ct);
    }

    private async Task<Listed<Dataset>> Query(PartitionQuery query, string place, CancellationToken ct)
    {
        var page = await documents.Query<Dataset>(query, ct);
        return new Listed<Dataset>([.. page.Items.Select(document => document.Value)], page.Continuation is { } next ? place + next : null);
    }

    private static string? After(string? continuation, string place) =>
        continuation is not null && continuation.StartsWith(place, StringComparison.Ordinal) ? continuation[place.Length..] : null;
}
