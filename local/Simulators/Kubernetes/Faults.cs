using System.Text.Json.Serialization;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>How fast the simulated cluster is and what goes wrong in it. What a rule does not name, it applies to.</summary>
internal sealed record Faults
{
    /// <summary>From a machine's order until its node has joined.</summary>
    public double NodeJoinSeconds { get; init; } = 5;

    /// <summary>From a failed order of a machine until the first new try; the pauses grow to five minutes.</summary>
    public double NodeRetrySeconds { get; init; } = 5;

    /// <summary>From a machine's deletion until its node is gone.</summary>
    public double NodeLeaveSeconds { get; init; } = 1;

    /// <summary>From a pod's placement on a node until it is ready.</summary>
    public double PodStartSeconds { get; init; } = 1;

    public IReadOnlyList<Shortage> Shortages { get; init; } = [];

    public IReadOnlyList<Sickness> Pods { get; init; } = [];

    public IReadOnlyList<Slowness> Latency { get; init; } = [];

    public IReadOnlyList<ApiFault> Api { get; init; } = [];

    [JsonIgnore]
    public TimeSpan NodeJoin => TimeSpan.FromSeconds(NodeJoinSeconds);

    [JsonIgnore]
    public TimeSpan NodeLeave => TimeSpan.FromSeconds(NodeLeaveSeconds);

    [JsonIgnore]
    public TimeSpan PodStart => TimeSpan.FromSeconds(PodStartSeconds);

    public Symptom SymptomOf(PodPlace place) => Pods.FirstOrDefault(p => p.Covers(place))?.Symptom ?? Symptom.None;

    /// <summary>What visitors wait for an answer: the sum of all that slows it down.</summary>
    public TimeSpan LatencyOf(PodPlace place) =>
        TimeSpan.FromMilliseconds(Latency.Where(l => l.Covers(place)).Sum(l => l.Milliseconds));

    /// <summary>Null when everything is in its bounds, else what is not.</summary>
    public string? Fault()
    {
        const double MostSeconds = 86_400;
        const int MostRules = 100;
        if (new[] { NodeJoinSeconds, NodeRetrySeconds, NodeLeaveSeconds, PodStartSeconds }.Any(s => s is not (>= 0 and <= MostSeconds)))
            return $"Seconds are 0 to {MostSeconds}.";
        if (NodeRetrySeconds < 1)
            return "A failed machine is tried again after 1 second or more.";
        if (Latency.Any(l => l.Milliseconds is not (>= 0 and <= MostSeconds)))
            return $"Milliseconds are 0 to {MostSeconds}.";
        if (Api.Any(a => a.Status is not (0 or (>= 400 and <= 599))))
            return "The status of an api fault is 400 to 599, or 0 for a cut connection.";
        if (Api.Any(a => a.Times < 1) || Shortages.Any(s => s.Times < 1))
            return "times is at least 1.";
        return Shortages.Count + Pods.Count + Latency.Count + Api.Count > MostRules ? $"At most {MostRules} rules." : null;
    }
}

/// <summary>No machine of a size is to be had in a region.</summary>
/// <param name="Times">How many tries fail; null for all, until the shortage is lifted.</param>
internal sealed record Shortage(string? Size = null, string? Region = null, int? Times = null)
{
    public bool Covers(string? size, string? region) => (Size ?? size) == size && (Region ?? region) == region;
}

/// <summary>Pods that do not become ready, or are no longer.</summary>
internal sealed record Sickness(Symptom Symptom, string? Namespace = null, string? App = null, NodeKind? NodeKind = null)
{
    public bool Covers(PodPlace place) => place.IsOf(Namespace, App, NodeKind);
}

/// <summary>Answers that take their time.</summary>
/// <param name="Node">Name of one node.</param>
internal sealed record Slowness(
    double Milliseconds, string? Namespace = null, string? App = null, string? Node = null, NodeKind? NodeKind = null)
{
    public bool Covers(PodPlace place) => place.IsOf(Namespace, App, NodeKind) && (Node ?? place.Node) == place.Node;
}

/// <summary>Calls of the API that go wrong.</summary>
/// <param name="Status">What is answered; 0 cuts the connection.</param>
/// <param name="Times">How many calls.</param>
/// <param name="AfterEffect">The call does its work first: only its answer is lost.</param>
/// <param name="Path">Part of the path.</param>
internal sealed record ApiFault(int Status, int Times = 1, bool AfterEffect = false, string? Method = null, string? Path = null)
{
    public bool Covers(string method, string path) =>
        (Method ?? method).Equals(method, StringComparison.OrdinalIgnoreCase) && path.Contains(Path ?? "", StringComparison.Ordinal);
}

internal enum Symptom
{
    None,

    /// <summary>A pod that starts gets stuck; one that runs is not touched.</summary>
    ImagePull,
    CrashLoop,
    NeverReady,
}

internal enum NodeKind
{
    /// <summary>Of the pool that was there from the start.</summary>
    Shared,

    /// <summary>Of a machine that was ordered.</summary>
    Dedicated,
}

/// <summary>Where a pod runs, as rules name it.</summary>
/// <param name="App">Name of its deployment; of a pod without one its own.</param>
internal readonly record struct PodPlace(string Namespace, string App, string Node, NodeKind NodeKind)
{
    /// <summary>Whether it is what a rule names; null names everything.</summary>
    public bool IsOf(string? ns, string? app, NodeKind? kind) =>
        (ns ?? Namespace) == Namespace && (app ?? App) == App && (kind ?? NodeKind) == NodeKind;
}
