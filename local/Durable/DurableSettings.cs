using System.Text.Json;

namespace Hexabase.Local.Durable;

/// <summary>What the durable engine is told from outside.</summary>
/// <param name="Code">The key that opens the management API.</param>
public sealed record DurableSettings(string Code)
{
    /// <summary>Name that the management API gives the task hub; there is only one. Default: as Azure's where no site has a name.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>Activities that run at the same time. Default: 10 for each core.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Turns of orchestrations that run at the same time. Default: 10 for each core.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Whether a start may replace an instance that has not finished. Default: no.</summary>
    public bool ReplacesRunningInstances { get; init; }

    /// <summary>Reads <c>extensions.durableTask</c> of host.json; what Azure reads there beside this changes nothing here.</summary>
    /// <exception cref="CannotStartException">A value has the wrong type or is not among those that make sense.</exception>
    public static DurableSettings Read(JsonElement hostJson, string code)
    {
        try
        {
            return new DurableSettings(code).With(hostJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CannotStartException($"extensions.durableTask of host.json cannot be used: {e.Message}", e);
        }
    }

    private DurableSettings With(JsonElement hostJson)
    {
        if (!hostJson.TryGetProperty("extensions", out var extensions) || !extensions.TryGetProperty("durableTask", out var section))
            return this;
        var read = section.Deserialize<HostJsonSection>(JsonSerializerOptions.Web) ?? throw new FormatException("it is null.");
        if ((read.MaxConcurrentActivityFunctions ?? 1) < 1 || (read.MaxConcurrentOrchestratorFunctions ?? 1) < 1)
            throw new FormatException("maxConcurrentActivityFunctions and maxConcurrentOrchestratorFunctions are at least 1.");
        return this with
        {
            HubName = read.HubName ?? HubName,
            MaxConcurrentActivityFunctions = read.MaxConcurrentActivityFunctions ?? MaxConcurrentActivityFunctions,
            MaxConcurrentOrchestratorFunctions = read.MaxConcurrentOrchestratorFunctions ?? MaxConcurrentOrchestratorFunctions,
            ReplacesRunningInstances = read.OverridableExistingInstanceStates?.ToUpperInvariant() switch
            {
                null or "NONRUNNINGSTATES" => false,
                "ANYSTATE" => true,
                _ => throw new FormatException("overridableExistingInstanceStates is NonRunningStates or AnyState."),
            },
        };
    }

    private sealed record HostJsonSection(
        string? HubName,
        int? MaxConcurrentActivityFunctions,
        int? MaxConcurrentOrchestratorFunctions,
        string? OverridableExistingInstanceStates);
}
