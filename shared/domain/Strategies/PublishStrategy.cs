using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Strategies;

/// <summary>Asks to publish a new strategy, or a change of an own one.</summary>
/// <param name="Sid">The strategy to change; null for a new one.</param>
/// <param name="Code">The <c>hexabase.strategy/v1</c> document, which also names the dataset.</param>
/// <param name="Visibility"><c>public</c> or <c>private</c>.</param>
/// <param name="IdempotencyKey">1–255 visible ASCII characters; a repeat gets the same new strategy. Null when there is none.</param>
public sealed record PublishStrategy(string AccountId, string? Sid, JsonElement Code, string Visibility, string? IdempotencyKey = null);

/// <summary>A published strategy, as it stands now.</summary>
/// <param name="RotatedOut">What made room for it; null when nothing had to.</param>
/// <param name="Created">True when there was none before.</param>
public sealed record PublishedStrategy(
    string Sid,
    int Version,
    string CodeHash,
    string DatasetHash,
    Visibility Visibility,
    RotatedOut? RotatedOut,
    [property: JsonIgnore] bool Created);

/// <summary>Private strategies are a paid right.</summary>
public sealed record PrivateNeedsPaidPlan() : Refusal(
    RefusalKind.PaymentRequired, "PRIVATE_NEEDS_PAID_PLAN",
    "Private strategies come with the plans starter, pro and elite. Move to one of them under Billing, or publish with visibility public.");

/// <summary>Nobody uploaded the dataset that the code names; or it names none, and none is built in for its pair and timeframe.</summary>
public sealed record UnknownDataset : Refusal
{
    public UnknownDataset(string dataset) : base(
        RefusalKind.Unprocessable, "UNKNOWN_DATASET",
        $"There is no dataset {dataset}. Upload it first, or take one from the list of datasets.") =>
        Field = "code.dataset_hash";
}

/// <summary>The strategy is another's, who lets the caller read it.</summary>
public sealed record NotYourStrategy(string Sid) : Refusal(
    RefusalKind.Forbidden, "NOT_YOUR_STRATEGY", $"{Sid} belongs to another account. Fork it, and publish your copy.");

public sealed class PublishStrategyValidator : AbstractValidator<PublishStrategy>
{
    public PublishStrategyValidator()
    {
        RuleFor(ask => ask.Sid)
            .Must(sid => sid is null || Strategy.IsSid(sid))
            .OverridePropertyName("sid").WithMessage("This is not the id of a strategy.");
        RuleFor(ask => ask.Code)
            .Must(code => code.ValueKind == JsonValueKind.Object)
            .OverridePropertyName("code").WithMessage("The strategy document is required, as a JSON object.");
        RuleFor(ask => ask.Visibility)
            .Must(visibility => visibility is "public" or "private")
            .OverridePropertyName("visibility").WithMessage("Visibility is public or private.");
        RuleFor(ask => ask.IdempotencyKey).IsIdempotencyKeyOrNull();
    }
}

/// <summary>Publishes strategies: the same code again is no new version, every version is kept.</summary>
public sealed class PublishStrategyHandler(StrategyLibrary library, IDocumentStore documents, TimeProvider clock)
{
    private static readonly PublishStrategyValidator Validator = new();

    /// <summary>The strategy as it stands afterwards; or why it was not published, and then nothing has changed.</summary>
    public async Task<Result<PublishedStrategy>> Handle(PublishStrategy ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        if (!StrategyCode.Read(ask.Code).Succeeded(out var code, out var refusal))
            return refusal;
        if (!(await FindDataset(code.Definition, ct)).Succeeded(out var datasetHash, out refusal))
            return refusal;

        var now = clock.GetUtcNow();
        var sid = ask.Sid ?? RepeatedRequest.Sid("publish", ask.AccountId, ask.IdempotencyKey, now);
        var saved = await library.Save(ask.AccountId, sid, (plan, present) => Decide(ask, sid, code, datasetHash, plan, present, now), ct);
        if (!saved.Succeeded(out var change, out refusal))
            return refusal;
        var strategy = change.Strategy;
        return new PublishedStrategy(
            sid, strategy.Version, strategy.CodeHash, strategy.DatasetHash, strategy.Visibility, RotatedOut.Of(change), change.Created);
    }

    /// <summary>The dataset that the document names, or the built-in one of its pair and timeframe when it names none.</summary>
    private async Task<Result<string>> FindDataset(StrategyDefinition definition, CancellationToken ct)
    {
        var named = definition.DatasetHash;
        var found = named is not null
            ? await Dataset.Read(documents, named, ct)
            : await Dataset.ReadBuiltIn(documents, definition.Pair, definition.Timeframe, ct);
        return found is null ? new UnknownDataset(named ?? $"of {definition.Pair} {definition.Timeframe}") : found.Value.DatasetHash;
    }

    /// <summary>The strategy as the caller wants it, if the caller may; the present one itself when nothing differs.</summary>
    private static Result<Strategy> Decide(
        PublishStrategy ask, string sid, StrategyCode code, string datasetHash, Plan plan, Strategy? present, DateTimeOffset now)
    {
        var request = RepeatedRequest.Hash($"{code.Hash}\n{ask.Visibility}");
        if (ask.Sid is null && present is not null)
            return RepeatedRequest.Answer(present, request);
        var visibility = ask.Visibility == "private" ? Visibility.Private : Visibility.Public;
        if (ask.Sid is not null && (present is null || !present.CanBeReadBy(ask.AccountId)))
            return new StrategyNotFound(sid);
        if (present is not null && present.OwnerId != ask.AccountId)
            return new NotYourStrategy(sid);
        if (visibility == Visibility.Private && !plan.PrivateStrategies)
            return new PrivateNeedsPaidPlan();

        var publishedAt = present?.PublishedAt ?? (visibility == Visibility.Public ? now : null);
        if (present is null)
        {
            return new Strategy(
                sid, ask.AccountId, code.Definition.Name, visibility, Version: 1, code.Hash, datasetHash, ask.Code, Lineage: null,
                now, now, publishedAt, RequestHash: request);
        }
        if (present.CodeHash == code.Hash && present.Visibility == visibility)
            return present;
        return present with
        {
            Name = code.Definition.Name,
            Visibility = visibility,
            Version = present.CodeHash == code.Hash ? present.Version : present.Version + 1,
            CodeHash = code.Hash,
            DatasetHash = datasetHash,
            Code = ask.Code,
            UpdatedAt = now,
            PublishedAt = publishedAt,
        };
    }
}
