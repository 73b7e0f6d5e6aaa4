using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// A message that no try could read. It is completed, since it would fail for ever, and kept here for people. Document: SHA-256 of the
/// body, in the listing <see cref="List"/>.
/// </summary>
/// <param name="Body">Its beginning, as text.</param>
public sealed record UnreadableMessage(string Queue, string? MessageId, string Reason, string Body, DateTimeOffset At)
{
    public const string List = "unreadable-messages";
}

/// <summary>Records messages that could not be read.</summary>
public sealed class UnreadableMessages(IDocumentStore documents, TimeProvider clock)
{
    private const int MostCharacters = 4_096;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task Record(string queue, string? messageId, string body, string reason, CancellationToken ct)
    {
        var beginning = body.Length > MostCharacters ? body[..MostCharacters] : body;
        var message = new UnreadableMessage(queue, messageId, reason, beginning, clock.GetUtcNow());
        await documents.Commit(
            new DocumentBatch(Containers.Listings, UnreadableMessage.List).Upsert(Sha256Hex.Of(body), message, Kept), ct);
    }
}
