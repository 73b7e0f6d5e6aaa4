using System.Runtime.InteropServices;
using System.Text.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads a <c>hexabase.strategy/v1</c> document section by section.</summary>
internal sealed class StrategyReader
{
    private const double MostAnything = 1e12;

    /// <summary>What a document without a good pair is read on with, to find its other errors.</summary>
    private const string AnyPair = "EURUSD";

    private readonly List<StrategyError> errors = [];

    /// <summary>The first of what is wrong; a document can hold far more errors than anybody reads.</summary>
    public IReadOnlyList<StrategyError> Errors => errors.Count <= StrategyLimits.Errors
        ? errors
        : [.. errors.Take(StrategyLimits.Errors), new StrategyError("", null, $"and {errors.Count - StrategyLimits.Errors} more errors")];

    /// <summary>Null only when the document cannot be looked into at all; otherwise it counts only without <see cref="Errors"/>.</summary>
    public StrategyDefinition? Read(JsonElement document)
    {
        if (document.ValueKind == JsonValueKind.Undefined || JsonMarshal.GetRawUtf8Value(document).Length > StrategyLimits.DocumentBytes)
        {
            errors.Add(new StrategyError("", null, $"expected a JSON document of at most {StrategyLimits.DocumentBytes} bytes"));
            return null;
        }
        var root = new JsonReader(document, "", errors);
        if (document.ValueKind != JsonValueKind.Object)
            return null;
        var header = ReadHeader(root);
        var pair = new CurrencyPair(CurrencyPair.IsName(header.Pair) ? header.Pair : AnyPair);
        var expressions = new ExpressionReader(errors);
        var (size, risk) = SizeReader.Read(root, expressions);
        var account = AccountReader.Read(root, pair, size);
        var monteCarloResamples = MonteCarloReader.Read(root);
        var parameters = ReadParameters(root);
        var definitions = ReadDefinitions(root, parameters, expressions);
        var rules = RulesReader.Read(root, definitions, pair, header.Timeframe, risk, expressions);
        root.RefuseTheRest();
        return StrategyDefinition.Bind(header, account, monteCarloResamples, parameters, rules, errors);
    }

    private static StrategyHeader ReadHeader(JsonReader root)
    {
        root.Text("schema", text => text == StrategyDefinition.Schema, $"\"{StrategyDefinition.Schema}\"");
        var name = root.Text(
            "name", text => !string.IsNullOrWhiteSpace(text) && text.Length <= StrategyLimits.NameLength,
            $"1 to {StrategyLimits.NameLength} characters");
        var description = root.OptionalText("description") ?? "";
        if (description.Length > StrategyLimits.DescriptionLength)
            root.Refuse("description", $"expected at most {StrategyLimits.DescriptionLength} characters");
        var pair = root.Text("pair", CurrencyPair.IsName, "six letters, as in EURUSD");
        var timeframe = root.Text(
            "timeframe", text => Timeframes.Names.Contains(text, StringComparer.Ordinal), $"one of {string.Join(", ", Timeframes.Names)}");
        var datasetHash = root.OptionalText("dataset_hash");
        if (datasetHash is not null && !Sha256Hex.Is(datasetHash))
            root.Refuse("dataset_hash", "expected 64 lower-case hex digits");
        return new StrategyHeader(name, description, pair, timeframe, datasetHash);
    }

    private List<Parameter> ReadParameters(JsonReader root)
    {
        var parameters = new List<Parameter>();
        if (root.OptionalObject("parameters") is not { } section)
            return parameters;
        foreach (var name in section.Names.ToList())
        {
            if (parameters.Count == StrategyLimits.Parameters)
            {
                root.Refuse("parameters", $"expected at most {StrategyLimits.Parameters}");
                section.Optional(name);
                break;
            }
            if (Parameter.RefuseName(name) is { } reason)
                section.Refuse(name, reason);
            if (section.OptionalObject(name) is { IsObject: true } fields)
                parameters.Add(ReadParameter(section, name, fields));
        }
        return parameters;
    }

    private Parameter ReadParameter(JsonReader section, string name, JsonReader fields)
    {
        var earlierErrors = errors.Count;
        var parameter = new Parameter(
            name,
            fields.Number("default", -MostAnything, MostAnything),
            fields.Number("min", -MostAnything, MostAnything),
            fields.Number("max", -MostAnything, MostAnything),
            fields.OptionalNumber("step", 0, MostAnything),
            fields.OptionalFlag("integer"));
        if (errors.Count == earlierErrors && parameter.Refuse() is { } contradiction)
            section.Refuse(name, contradiction);
        fields.RefuseTheRest();
        return parameter;
    }

    private static Dictionary<string, PlacedExpression?> ReadDefinitions(
        JsonReader root, List<Parameter> parameters, ExpressionReader expressions)
    {
        var definitions = new Dictionary<string, PlacedExpression?>(StringComparer.Ordinal);
        if (root.OptionalObject("let") is not { } section)
            return definitions;
        if (section.Names.Count() > StrategyLimits.Definitions)
            root.Refuse("let", $"expected at most {StrategyLimits.Definitions}");
        foreach (var name in section.Names)
        {
            if (Parameter.RefuseName(name) is { } reason)
                section.Refuse(name, reason);
            else if (parameters.Exists(parameter => parameter.Name == name))
                section.Refuse(name, $"\"{name}\" is a parameter already");
            definitions.Add(name, expressions.Optional(section, name));
        }
        return definitions;
    }
}
