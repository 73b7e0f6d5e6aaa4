using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Support;

/// <summary>Asks for the open tickets.</summary>
/// <param name="Limit">Most of one page, 1 to 100.</param>
/// <param name="Continuation">From the page before; null for the first.</param>
public sealed record ListTickets(int Limit, string? Continuation) : IPagedQuery;

/// <summary>Reads the operators' list.</summary>
public sealed class ListTicketsHandler(IDocumentStore documents)
{
    private static readonly PagedQueryValidator Validator = new();

    /// <exception cref="InvalidContinuationException">The continuation is not from this list.</exception>
    public async Task<Result<Listed<SupportTicket>>> Handle(ListTickets ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        var page = await documents.Query<SupportTicket>(
            new PartitionQuery(
                Containers.Listings, SupportTicket.Partition, SupportTicket.IdPrefix, ask.Limit, Descending: false, ask.Continuation),
            ct);
        return new Listed<SupportTicket>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
