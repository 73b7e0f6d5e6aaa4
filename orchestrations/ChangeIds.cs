using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>Ids of changes as activities get them.</summary>
internal static class ChangeIds
{
    /// <exception cref="NonRetriableTaskException">The input is no id of a change of this kind.</exception>
    public static WorkspaceChangeId Parse(string text, WorkspaceChangeKind kind) =>
        WorkspaceChangeId.TryParse(text, out var id) && id.Kind == kind
            ? id
            : throw new NonRetriableTaskException($"The input is no id of a {kind}.");
}
