using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Strategies;

/// <summary>Asks for public strategies, newest first.</summary>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListStrategies(int Limit, string? Continuation) : IPagedQuery;

/// <summary>Asks for the caller's own strategies, newest first.</summary>
/// <inheritdoc cref="ListStrategies"/>
public sealed record ListOwnStrategies(string AccountId, int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads lists of strategies, each from one partition.</summary>
public sealed class ListStrategiesHandler(StrategyLibrary library, IDocumentStore documents)
{
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public Task<Result<Listed<PublicStrategy>>> Handle(ListStrategies ask, CancellationToken ct) =>
        PageOf(ask, async () => await documents.Query<PublicStrategy>(
            new PartitionQuery(Containers.Listings, PublicStrategy.List, IdPrefix: "", ask.Limit, Descending: true, ask.Continuation), ct));

    /// <inheritdoc cref="Handle(ListStrategies, CancellationToken)"/>
    public Task<Result<Listed<SavedStrategy>>> Handle(ListOwnStrategies ask, CancellationToken ct) =>
        PageOf(ask, () => library.List(ask.AccountId, ask.Limit, ask.Continuation, ct));

    private static async Task<Result<Listed<T>>> PageOf<T>(IPagedQuery ask, Func<Task<Page<T>>> read)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var page = await read();
        return new Listed<T>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
