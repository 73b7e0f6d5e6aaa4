using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Support;

/// <summary>
/// A question to support, with the facts it needs. Document <c>ticket:{id}</c> in partition <see cref="Partition"/> of the listings, taken
/// off the list once it is answered.
/// </summary>
/// <param name="TicketId">Made from the change and its line of the audit trail.</param>
/// <param name="ChangeId">What is to be resolved.</param>
/// <param name="Question">What has failed, for people.</param>
/// <param name="Facts">What is known, by name; no secrets.</param>
public sealed record SupportTicket(
    string TicketId,
    string ChangeId,
    string AccountId,
    string WorkspaceId,
    string Question,
    IReadOnlyDictionary<string, string> Facts,
    DateTimeOffset OpenedAt,
    string CorrelationId)
{
    public const string Partition = "support";

    public const string IdPrefix = "ticket:";
}

/// <summary>The operators' list of open tickets. Putting on and taking off may be repeated.</summary>
public sealed class SupportTickets(IDocumentStore documents)
{
    public Task Open(SupportTicket ticket, CancellationToken ct) =>
        documents.Commit(Batch().Upsert(SupportTicket.IdPrefix + ticket.TicketId, ticket), ct);

    public Task Close(string ticketId, CancellationToken ct) =>
        documents.Commit(Batch().Delete(SupportTicket.IdPrefix + ticketId), ct);

    private static DocumentBatch Batch() => new(Containers.Listings, SupportTicket.Partition);
}
