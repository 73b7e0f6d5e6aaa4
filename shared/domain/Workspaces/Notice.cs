using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces;

/// <summary>
/// Something an account is told. Document <c>notice:{time-ordered}</c> in its partition, written in the commit of what it tells.
/// </summary>
/// <param name="Kind">For programs, such as <c>upgrade_completed</c>.</param>
/// <param name="ChangeId">The upgrade, downgrade or node order it is about.</param>
public sealed record Notice(string NoticeId, string Kind, string Title, string Text, DateTimeOffset At, string? ChangeId)
{
    public const string IdPrefix = "notice:";

    public static Notice New(string kind, string title, string text, string? changeId, DateTimeOffset now) =>
        new(Ids.TimeOrdered(now), kind, title, text, now, changeId);

    public DocumentBatch AddTo(DocumentBatch batch) => batch.Create(IdPrefix + NoticeId, this);
}
