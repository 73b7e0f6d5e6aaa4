using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>How an app stands: the copies it is to have, and where the ready ones are.</summary>
internal sealed record AppStanding(int Replicas, int OnShared, int OnDedicated, bool IsPaused = false)
{
    public static AppStanding Shared(int replicas) => new(replicas, OnShared: replicas, OnDedicated: 0);

    public static AppStanding Dedicated(int replicas) => new(replicas, OnShared: 0, OnDedicated: replicas);

    /// <param name="app">As the cluster's operator sees it.</param>
    public static AppStanding Of(JsonElement app)
    {
        var ready = app.GetProperty("pods").EnumerateArray().Where(pod => pod.GetProperty("state").GetString() == "Ready").ToList();
        var shared = ready.Count(pod => pod.GetProperty("node").GetString()!.StartsWith("shared-", StringComparison.Ordinal));
        return new AppStanding(
            app.GetProperty("replicas").GetInt32(), shared, ready.Count - shared, app.GetProperty("paused").GetBoolean());
    }
}
