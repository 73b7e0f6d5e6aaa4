namespace Hexabase.Adapters.Kubernetes.Objects;

/// <summary>
/// An object of the cluster's API: what its manifest says, and of its status what is read here. Records have the names of the API in
/// camel case; fields that are not named here are neither sent nor read.
/// </summary>
internal interface IKubernetesObject
{
    static abstract ResourceType Type { get; }

    ObjectMeta Metadata { get; }
}

/// <param name="ApiVersion">Group and version, the version alone for the core group.</param>
/// <param name="Plural">As it stands in addresses.</param>
internal sealed record ResourceType(string ApiVersion, string Kind, string Plural, bool IsNamespaced = true);

/// <param name="Generation">Counts changes of the spec.</param>
/// <param name="DeletionTimestamp">Set while the object waits for its deletion to be finished.</param>
internal sealed record ObjectMeta(
    string Name,
    string? Namespace = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyDictionary<string, string>? Annotations = null,
    string? ResourceVersion = null,
    long? Generation = null,
    DateTimeOffset? DeletionTimestamp = null);

/// <summary>Of any object's status; machines, deployments, nodes and pods share the form.</summary>
internal sealed record Condition(string Type, string Status, string? Reason = null, string? Message = null)
{
    public bool IsTrue => Status == "True";
}

internal sealed record LabelSelector(
    IReadOnlyDictionary<string, string>? MatchLabels = null, IReadOnlyList<LabelRequirement>? MatchExpressions = null)
{
    public static LabelSelector Everything { get; } = new();

    /// <summary>As the cluster itself decides: everything that is asked for must hold.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels) =>
        (MatchLabels?.All(wanted => labels?.GetValueOrDefault(wanted.Key) == wanted.Value) ?? true)
        && (MatchExpressions?.All(requirement => requirement.Holds(labels)) ?? true);

    /// <summary>The same as text, as lists are asked by it.</summary>
    public string ToQuery() => string.Join(
        ',', (MatchLabels?.Select(label => $"{label.Key}={label.Value}") ?? []).Concat(MatchExpressions?.Select(r => r.ToQuery()) ?? []));
}

internal sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string>? Values = null)
{
    public bool Holds(IReadOnlyDictionary<string, string>? labels)
    {
        var value = labels?.GetValueOrDefault(Key);
        return Operator switch
        {
            "In" => value is not null && Values?.Contains(value, StringComparer.Ordinal) == true,
            "NotIn" => value is null || Values?.Contains(value, StringComparer.Ordinal) != true,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }

    public string ToQuery() => Operator switch
    {
        "Exists" => Key,
        "DoesNotExist" => "!" + Key,
        _ => $"{Key} {Operator.ToLowerInvariant()} ({string.Join(',', Values ?? [])})",
    };
}
