using System.Text.Json;

namespace Hexabase.Domain.Billing;

/// <summary>What an account pays for.</summary>
public enum PlanName
{
    Free,
    Starter,
    Pro,
    Elite,
}

/// <summary>A priority tier: its runs share its slots and never wait for another tier's.</summary>
public enum Lane
{
    Free,
    Paid,
    Priority,
}

/// <summary>The numbers of one plan.</summary>
/// <param name="DailyRuns">Runs a UTC day; null when the plan counts by month.</param>
/// <param name="IncludedMonthly">Runs a usage month before overage; null when the plan counts by day.</param>
/// <param name="RunsPerMinute">Most accepted runs a minute.</param>
/// <param name="SavedStrategies">How many strategies are kept before the oldest unpublished one rotates out.</param>
/// <param name="DatasetBytes">Largest dataset upload.</param>
public sealed record Plan(
    int? DailyRuns, int? IncludedMonthly, Lane Lane, int RunsPerMinute, bool PrivateStrategies, int SavedStrategies, long DatasetBytes);

/// <summary>Which lane something lifts a run to.</summary>
public sealed record LaneRight(Lane Lane);

/// <summary>The contents of <c>plans.json</c>: every number of the product rules, in one place.</summary>
public sealed record Plans(
    IReadOnlyDictionary<string, Plan> ByName, LaneRight SpeedPack, LaneRight PurchasedCredit, int IdempotencyKeyDays, int ForksPerMinutePerAddress)
{
    public Plan this[PlanName name] => ByName[JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString())];

    /// <summary>Reads and checks the file's text.</summary>
    /// <exception cref="InvalidPlansException">The text is no JSON, lacks a plan or a number, or contradicts itself.</exception>
    public static Plans Parse(string json)
    {
        File file;
        try
        {
            file = JsonSerializer.Deserialize<File>(json, Strict) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new InvalidPlansException($"plans.json: {e.Message}");
        }
        var plans = new Plans(file.Plans, file.SpeedPack, file.PurchasedCredit, file.IdempotencyKeyDays, file.ForksPerMinutePerAddress);
        plans.Check();
        return plans;
    }

    private static readonly JsonSerializerOptions Strict = new(DomainJson.Options)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private void Check()
    {
        foreach (var name in Enum.GetValues<PlanName>())
        {
            var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());
            if (!ByName.TryGetValue(key, out var plan))
                throw new InvalidPlansException($"plans.json: plan '{key}' is missing.");
            if (plan.DailyRuns is null == plan.IncludedMonthly is null)
                throw new InvalidPlansException($"plans.json: plan '{key}' needs either daily_runs or included_monthly.");
            if ((plan.DailyRuns ?? plan.IncludedMonthly) <= 0 || plan.RunsPerMinute <= 0 || plan.SavedStrategies <= 0 || plan.DatasetBytes <= 0)
                throw new InvalidPlansException($"plans.json: the numbers of plan '{key}' must be above zero.");
        }
        if (IdempotencyKeyDays <= 0 || ForksPerMinutePerAddress <= 0)
            throw new InvalidPlansException("plans.json: idempotency_key_days and forks_per_minute_per_address must be above zero.");
    }

    private sealed record File(
        Dictionary<string, Plan> Plans, LaneRight SpeedPack, LaneRight PurchasedCredit, int IdempotencyKeyDays, int ForksPerMinutePerAddress);
}

/// <summary>plans.json cannot be used.</summary>
public sealed class InvalidPlansException(string message) : Exception(message);
