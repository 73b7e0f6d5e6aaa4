using System.Text.Json;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Strategies;

/// <summary>Asks for one strategy in its present version.</summary>
/// <param name="AccountId">Null for an anonymous caller.</param>
public sealed record GetStrategy(string Sid, string? AccountId);

/// <summary>A strategy as its readers see it.</summary>
/// <param name="BuiltIn">True for the templates that come with the product.</param>
public sealed record StrategyView(
    string Sid,
    string Name,
    Visibility Visibility,
    int Version,
    string CodeHash,
    string DatasetHash,
    JsonElement Code,
    Lineage? Lineage,
    bool BuiltIn,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? PublishedAt)
{
    public static StrategyView Of(Strategy strategy) => new(
        strategy.Sid, strategy.Name, strategy.Visibility, strategy.Version, strategy.CodeHash, strategy.DatasetHash, strategy.Code,
        strategy.Lineage, strategy.OwnerId == Strategy.BuiltInOwner, strategy.CreatedAt, strategy.UpdatedAt, strategy.PublishedAt);
}

/// <summary>There is no such strategy, or the caller may not know that there is.</summary>
public sealed record StrategyNotFound(string Sid) : Refusal(
    RefusalKind.NotFound, "STRATEGY_NOT_FOUND", $"There is no strategy {Sid} that you may read.");

/// <summary>Reads a strategy: a public one for anyone, any other for its owner.</summary>
public sealed class GetStrategyHandler(IDocumentStore documents)
{
    /// <summary>The strategy; or that there is none.</summary>
    public async Task<Result<Strategy>> Handle(GetStrategy ask, CancellationToken ct)
    {
        var stored = Strategy.IsSid(ask.Sid) ? await Strategy.Read(documents, ask.Sid, ct) : null;
        return stored is not null && stored.Value.CanBeReadBy(ask.AccountId) ? stored.Value : new StrategyNotFound(ask.Sid);
    }
}
