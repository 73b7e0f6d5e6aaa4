using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>
/// Says when somebody looks whether an unfinished change still has its orchestration. Document <c>change-watch:{serial}</c> in the account's
/// partition, made with the change and deleted in the commit that finishes it.
/// </summary>
/// <param name="SagaWatch">See <see cref="Containers.SagaWatch"/>.</param>
public sealed record ChangeWatch(string ChangeId, string SagaWatch)
{
    public static string DocumentId(string serial) => $"change-watch:{serial}";

    public static ChangeWatch At(WorkspaceChangeId id, DateTimeOffset due) => new(id.ToString(), IndexedTime.Of(due));
}
