using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies.Documents;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies;

/// <summary>A strategy that has been read and understood; immutable and safe to run on many threads.</summary>
public sealed class StrategyDefinition
{
    /// <summary>The only schema there is.</summary>
    public const string Schema = "hexabase.strategy/v1";

    private readonly RuleSyntax source;

    private StrategyDefinition(
        StrategyHeader header, AccountTerms account, int? monteCarloResamples, IReadOnlyList<Parameter> parameters, RuleSyntax source,
        TradingRules rules, Plan plan)
    {
        Name = header.Name;
        Description = header.Description;
        Pair = header.Pair;
        Timeframe = header.Timeframe;
        DatasetHash = header.DatasetHash;
        Account = account;
        MonteCarloResamples = monteCarloResamples;
        Parameters = parameters;
        Rules = rules;
        Plan = plan;
        this.source = source;
    }

    public string Name { get; }

    /// <summary>Empty when the author gave none.</summary>
    public string Description { get; }

    /// <summary>Six letters, such as EURUSD: base currency, then quote currency.</summary>
    public string Pair { get; }

    /// <summary>One of <see cref="Prices.Timeframes.Names"/>.</summary>
    public string Timeframe { get; }

    /// <summary>The dataset it is meant to run on; null when the document leaves it to pair and timeframe.</summary>
    public string? DatasetHash { get; }

    public AccountTerms Account { get; }

    /// <summary>How often the trades of a run are resampled; null for not at all.</summary>
    public int? MonteCarloResamples { get; }

    /// <summary>In the order of the document.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The first bar at which it decides; the bars before warm its indicators up.</summary>
    public int FirstDecisionBar => Rules.FirstDecisionBar;

    /// <summary>The rules with the parameters at their defaults.</summary>
    internal TradingRules Rules { get; }

    /// <summary>Computes what <see cref="Rules"/> read.</summary>
    internal Plan Plan { get; }

    /// <summary>
    /// Reads a document of schema <c>hexabase.strategy/v1</c>. Never throws for what the document says, whoever wrote it: everything
    /// wrong with it comes back as errors, each with its place.
    /// </summary>
    public static StrategyParse Parse(JsonElement document)
    {
        var reader = new StrategyReader();
        var definition = reader.Read(document);
        return definition is not null && reader.Errors.Count == 0 ? new StrategyParse(definition) : new StrategyParse(reader.Errors);
    }

    internal static StrategyDefinition Bind(
        StrategyHeader header, AccountTerms account, int? monteCarloResamples, IReadOnlyList<Parameter> parameters, RuleSyntax source,
        List<StrategyError> errors)
    {
        var plan = new PlanBuilder();
        var defaults = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        var rules = RuleBinder.Bind(RuleBinder.CheckDefinitions(source, defaults, errors), defaults, plan, errors);
        return new StrategyDefinition(header, account, monteCarloResamples, parameters, source, rules, plan.Build());
    }

    /// <summary>
    /// The rules with other parameter values, as steps of <paramref name="plan"/>, which may hold those of other values too. They count
    /// only when nothing was added to <paramref name="errors"/>.
    /// </summary>
    internal TradingRules Bind(IReadOnlyDictionary<string, double> parameters, PlanBuilder plan, List<StrategyError> errors) =>
        RuleBinder.Bind(source, parameters, plan, errors);
}

/// <summary>A strategy, or why the document is none.</summary>
public sealed class StrategyParse
{
    private readonly StrategyDefinition? definition;

    internal StrategyParse(StrategyDefinition definition) => this.definition = definition;

    internal StrategyParse(IReadOnlyList<StrategyError> errors) => Errors = errors;

    /// <summary>Empty when it is a strategy.</summary>
    public IReadOnlyList<StrategyError> Errors { get; } = [];

    /// <summary>True with the strategy, or false with <see cref="Errors"/>.</summary>
    public bool Succeeded([NotNullWhen(true)] out StrategyDefinition? strategy) => (strategy = definition) is not null;
}

/// <summary>What a document says about itself.</summary>
internal sealed record StrategyHeader(string Name, string Description, string Pair, string Timeframe, string? DatasetHash);
