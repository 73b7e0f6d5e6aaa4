namespace Hexabase.Local.Durable;

/// <summary>What was left undone.</summary>
/// <param name="Instances">Numbers of those that have messages.</param>
internal sealed record Backlog(IReadOnlyList<long> Instances, IReadOnlyList<ActivityWork> Activities);
