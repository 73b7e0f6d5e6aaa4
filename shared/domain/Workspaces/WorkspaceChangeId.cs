using System.Diagnostics.CodeAnalysis;

namespace Hexabase.Domain.Workspaces;

/// <summary>
/// An upgrade (<c>up_</c>), a downgrade (<c>dg_</c>) or a node order (<c>no_</c>), then <c>{account}_{time-ordered}</c>. It carries its account,
/// so that the change is a point read, and is the instance id of its orchestration.
/// </summary>
public readonly record struct WorkspaceChangeId(WorkspaceChangeKind Kind, string Account, string Serial)
{
    public static WorkspaceChangeId New(WorkspaceChangeKind kind, string account, DateTimeOffset now) => new(kind, account, Ids.TimeOrdered(now));

    /// <summary>False for anything that this system did not make.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WorkspaceChangeId id)
    {
        foreach (var kind in Enum.GetValues<WorkspaceChangeKind>())
        {
            if (Ids.TrySplit(text, PrefixOf(kind), out var account, out var serial))
            {
                id = new WorkspaceChangeId(kind, account, serial);
                return true;
            }
        }
        id = default;
        return false;
    }

    public override string ToString() => $"{PrefixOf(Kind)}{Account}_{Serial}";

    private static string PrefixOf(WorkspaceChangeKind kind) => kind switch
    {
        WorkspaceChangeKind.Upgrade => "up_",
        WorkspaceChangeKind.Downgrade => "dg_",
        _ => "no_",
    };
}
