using System.Runtime.InteropServices;
using System.Text.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads a <c>hexabase.strategy/v1</c> document section by section.</summary>
internal sealed class StrategyReader
{
    private const int HashDigits = 64;
    private const double MostAnything = 1e12;

    private readonly List<StrategyError> errors = [];

    public IReadOnlyList<StrategyError> Errors => errors;

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
        var account = AccountReader.Read(root);
        var monteCarloResamples = MonteCarloReader.Read(root);
        var parameters = ReadParameters(root);
        var rules = ReadRules(root);
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
        var pair = root.Text("pair", text => text.Length == 6 && text.All(char.IsAsciiLetterUpper), "six letters, as in EURUSD");
        var timeframe = root.Text(
            "timeframe", text => Timeframes.Names.Contains(text, StringComparer.Ordinal), $"one of {string.Join(", ", Timeframes.Names)}");
        var datasetHash = root.OptionalText("dataset_hash");
        if (datasetHash is not null && (datasetHash.Length != HashDigits || !datasetHash.All(char.IsAsciiHexDigitLower)))
            root.Refuse("dataset_hash", $"expected {HashDigits} lower-case hex digits");
        return new StrategyHeader(name, description, pair, timeframe, datasetHash);
    }

    private static List<Parameter> ReadParameters(JsonReader root)
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

    private static Parameter ReadParameter(JsonReader section, string name, JsonReader fields)
    {
        var parameter = new Parameter(
            name,
            fields.Number("default", -MostAnything, MostAnything),
            fields.Number("min", -MostAnything, MostAnything),
            fields.Number("max", -MostAnything, MostAnything),
            fields.OptionalNumber("step", 0, MostAnything),
            fields.OptionalFlag("integer"));
        if (parameter.Refuse() is { } contradiction)
            section.Refuse(name, contradiction);
        fields.RefuseTheRest();
        return parameter;
    }

    private RuleSyntax ReadRules(JsonReader root)
    {
        var expressions = new ExpressionReader(errors);
        var entry = root.OptionalObject("entry");
        var exit = root.OptionalObject("exit");
        var rules = new RuleSyntax(
            expressions.Optional(entry, "long"), expressions.Optional(entry, "short"),
            expressions.Optional(exit, "long"), expressions.Optional(exit, "short"),
            ReadProtection(root, "stop_loss", expressions), ReadProtection(root, "take_profit", expressions));
        if (entry is null || (entry.IsObject && entry.Optional("long") is null && entry.Optional("short") is null))
            root.Refuse("entry", "expected a condition for long, short or both");
        entry?.RefuseTheRest();
        exit?.RefuseTheRest();
        return rules;
    }

    private static ProtectionSyntax? ReadProtection(JsonReader root, string name, ExpressionReader expressions)
    {
        if (root.OptionalObject(name) is not { } section)
            return null;
        var type = section.Text("type", text => text is "percent" or "price_offset", "percent (of the close) or price_offset");
        var distance = expressions.Distance(section, "value");
        section.RefuseTheRest();
        return distance is null ? null : new ProtectionSyntax(type == "percent", distance);
    }
}
