using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces;

/// <summary>
/// One line of a workspace's audit trail: a transition of an upgrade, a downgrade or a node order. Document
/// <c>change-log:{change serial}:{number}</c> in the account's partition, written in the same commit as the transition, never changed.
/// </summary>
/// <param name="ChangeId">Of the upgrade, downgrade or node order.</param>
/// <param name="Number">Counts up from 0 within the change.</param>
/// <param name="Event">What happened, by the name of the transition.</param>
/// <param name="Detail">For people; no secrets.</param>
/// <param name="By">Account or operator that caused it; null for the saga itself.</param>
public sealed record ChangeLogEntry(
    string ChangeId, int Number, string Event, string? Detail, string? By, DateTimeOffset At, string CorrelationId)
{
    public const string IdPrefix = "change-log:";

    /// <summary>Of the n-th line of a change.</summary>
    public static string DocumentId(string changeSerial, int number) => $"{IdPrefix}{changeSerial}:{number:D5}";

    public static DocumentBatch AddTo(DocumentBatch batch, string changeSerial, ChangeLogEntry entry) =>
        batch.Create(DocumentId(changeSerial, entry.Number), entry);
}
