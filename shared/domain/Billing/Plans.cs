using System.Text.Json;
using System.Text.Json.Serialization;

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

/// <summary>What one of these is paid for.</summary>
public enum PriceInterval
{
    Once,
    Month,
    Quarter,
    Year,
}

/// <summary>A price as the payment provider knows it.</summary>
/// <param name="Id">Its name there.</param>
/// <param name="Jpy">Whole yen, tax extra, for one interval.</param>
public sealed record Price(string Id, PriceInterval Interval, int Jpy);

/// <summary>An amount for people.</summary>
/// <param name="Jpy">Whole yen, tax extra.</param>
/// <param name="Usd">The same in dollars, always with two decimals.</param>
public sealed record ShownPrice(long Jpy, decimal Usd);

/// <summary>What a plan costs.</summary>
/// <param name="Regular">By month or by quarter.</param>
/// <param name="YearlyId">Id of the price by year; its amount is <see cref="Plans.YearlyPrice"/>.</param>
public sealed record PlanPrice(Price Regular, string YearlyId);

/// <summary>The numbers of one plan.</summary>
/// <param name="DailyRuns">Runs a UTC day; null when the plan counts by month.</param>
/// <param name="IncludedMonthly">Runs a usage month before overage; null when the plan counts by day.</param>
/// <param name="RunsPerMinute">Most accepted runs a minute.</param>
/// <param name="SavedStrategies">How many strategies are kept before the oldest unpublished one rotates out.</param>
/// <param name="DatasetBytes">Largest dataset upload.</param>
/// <param name="SweepWork">Most values that the backtests of one sweep go through, see <c>SweepForecast</c>.</param>
/// <param name="Price">Null for the plan that costs nothing.</param>
public sealed record Plan(
    int? DailyRuns,
    int? IncludedMonthly,
    Lane Lane,
    int RunsPerMinute,
    bool PrivateStrategies,
    int SavedStrategies,
    long DatasetBytes,
    long SweepWork,
    PlanPrice? Price);

/// <summary>The add-on that lifts every run of an account to a lane.</summary>
public sealed record SpeedPack(Lane Lane, Price Price);

/// <summary>The lane of runs that a purchased credit pays for.</summary>
public sealed record PurchasedCredit(Lane Lane);

/// <summary>Credits to buy.</summary>
public sealed record CreditPack(string Name, int Runs, Price Price);

/// <summary>Product rule 4: what runs beyond the included ones cost and when that is invoiced by itself.</summary>
/// <param name="OwnInvoiceAfterDays">When the subscription's next invoice is further away than this.</param>
/// <param name="OwnInvoiceFromJpy">And the amount is at least this.</param>
public sealed record Overage(decimal JpyPerRun, int OwnInvoiceAfterDays, int OwnInvoiceFromJpy);

/// <summary>What a sweep costs.</summary>
/// <param name="EvaluationsPerRun">So many of its backtests, begun, cost one run.</param>
public sealed record SweepTerms(int EvaluationsPerRun)
{
    /// <summary>How many runs a sweep of so many backtests costs.</summary>
    public int RunsFor(int evaluations) => (int)(((long)evaluations + EvaluationsPerRun - 1) / EvaluationsPerRun);

    /// <summary>How many of <paramref name="runs"/> so many backtests have not used up; one that was only begun is among them.</summary>
    public int RunsNotUsed(int runs, int evaluated) => Math.Max(0, runs - (evaluated / EvaluationsPerRun));
}

/// <summary>Something an account can buy to run more.</summary>
public sealed record Offer(string Name, Price Price);

/// <summary>The contents of <c>plans.json</c>: every number of the product rules, in one place.</summary>
/// <param name="JpyPerUsd">The fixed rate at which prices are also shown in US dollars.</param>
/// <param name="BillingAddress">Where things are bought, on the site.</param>
public sealed record Plans(
    [property: JsonPropertyName("plans")] IReadOnlyDictionary<string, Plan> ByName,
    SpeedPack SpeedPack,
    PurchasedCredit PurchasedCredit,
    CreditPack CreditPack,
    WorkspacePlans Workspaces,
    SweepTerms Sweep,
    Overage Overage,
    int YearlyDiscountPercent,
    int JpyPerUsd,
    string BillingAddress,
    int IdempotencyKeyDays,
    int ForksPerMinutePerAddress)
{
    public Plan this[PlanName name] => ByName[NameOf(name)];

    /// <summary>The price of a plan by year: twelve months less the discount, in whole yen, half up; null for the free one.</summary>
    public Price? YearlyPrice(PlanName name)
    {
        if (this[name].Price is not { } price)
            return null;
        var timesAYear = price.Regular.Interval == PriceInterval.Quarter ? 4 : 12;
        var yearly = price.Regular.Jpy * timesAYear * (100 - YearlyDiscountPercent) / 100m;
        return new Price(price.YearlyId, PriceInterval.Year, (int)Math.Round(yearly, MidpointRounding.AwayFromZero));
    }

    /// <summary>What gives an account on <paramref name="plan"/> more runs: a credit pack, or a larger plan.</summary>
    public IReadOnlyList<Offer> OffersAbove(PlanName plan) =>
    [
        new Offer(CreditPack.Name, CreditPack.Price),
        .. Enum.GetValues<PlanName>()
            .Where(name => name > plan && this[name].Price is not null)
            .Select(name => new Offer(NameOf(name), this[name].Price!.Regular)),
    ];

    /// <summary>The most work of a sweep on each plan larger than <paramref name="plan"/> that allows more, by its name.</summary>
    public IReadOnlyDictionary<string, long> SweepWorkAbove(PlanName plan) => Enum.GetValues<PlanName>()
        .Where(name => name > plan && this[name].SweepWork > this[plan].SweepWork)
        .ToDictionary(NameOf, name => this[name].SweepWork, StringComparer.Ordinal);

    /// <summary>Reads and checks the file's text.</summary>
    /// <exception cref="InvalidPlansException">The text is no JSON, lacks a plan or a number, or contradicts itself.</exception>
    public static Plans Parse(string json)
    {
        Plans plans;
        try
        {
            plans = JsonSerializer.Deserialize<Plans>(json, Strict) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new InvalidPlansException($"plans.json: {e.Message}");
        }
        plans.Check();
        return plans;
    }

    private static readonly JsonSerializerOptions Strict = new(DomainJson.Options)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private void Check()
    {
        foreach (var name in Enum.GetValues<PlanName>())
        {
            var key = NameOf(name);
            if (!ByName.TryGetValue(key, out var plan))
                throw new InvalidPlansException($"plans.json: plan '{key}' is missing.");
            if (plan.DailyRuns is null == plan.IncludedMonthly is null)
                throw new InvalidPlansException($"plans.json: plan '{key}' needs either daily_runs or included_monthly.");
            if ((plan.DailyRuns ?? plan.IncludedMonthly) <= 0
                || plan is not { RunsPerMinute: > 0, SavedStrategies: > 0, DatasetBytes: > 0, SweepWork: > 0 })
            {
                throw new InvalidPlansException($"plans.json: the numbers of plan '{key}' must be above zero.");
            }
            if (plan.Price?.Regular is not (null or { Jpy: > 0, Interval: PriceInterval.Month or PriceInterval.Quarter }))
                throw new InvalidPlansException($"plans.json: the price of plan '{key}' must be above zero, by month or by quarter.");
        }
        if (CreditPack.Runs <= 0 || CreditPack.Price.Jpy <= 0 || SpeedPack.Price.Jpy <= 0 || JpyPerUsd <= 0)
            throw new InvalidPlansException("plans.json: the numbers of credit_pack, speed_pack and jpy_per_usd must be above zero.");
        if (Sweep is not { EvaluationsPerRun: > 0 })
            throw new InvalidPlansException("plans.json: evaluations_per_run of sweep must be above zero.");
        if (YearlyDiscountPercent is < 0 or > 99 || Overage is not { JpyPerRun: >= 0, OwnInvoiceAfterDays: >= 0, OwnInvoiceFromJpy: >= 0 })
            throw new InvalidPlansException("plans.json: yearly_discount_percent must be 0 to 99, the numbers of overage not below zero.");
        if (IdempotencyKeyDays <= 0 || ForksPerMinutePerAddress <= 0)
            throw new InvalidPlansException("plans.json: idempotency_key_days and forks_per_minute_per_address must be above zero.");
        Workspaces.Check();
    }

    /// <summary>An amount as it is shown: charged in yen, told in dollars at the fixed rate, in whole cents, half up.</summary>
    public ShownPrice Show(long jpy) => new(jpy, Math.Round((decimal)jpy / JpyPerUsd, 2, MidpointRounding.AwayFromZero) + 0.00m);

    /// <summary>As plans.json spells it.</summary>
    public static string NameOf(PlanName name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());
}

/// <summary>plans.json cannot be used.</summary>
public sealed class InvalidPlansException(string message) : Exception(message);
