using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads when to trade: entries, exits, protective orders and the session.</summary>
internal static class RulesReader
{
    public static RuleSyntax Read(
        JsonReader root, IReadOnlyDictionary<string, PlacedExpression?> definitions, CurrencyPair pair, string timeframe, RiskSyntax? risk,
        ExpressionReader expressions)
    {
        var entry = root.OptionalObject("entry");
        var exit = root.OptionalObject("exit");
        var rules = new RuleSyntax(
            definitions,
            expressions.Optional(entry, "long"), expressions.Optional(entry, "short"),
            expressions.Optional(exit, "long"), expressions.Optional(exit, "short"),
            ReadProtection(root, "stop_loss", pair, expressions), ReadProtection(root, "take_profit", pair, expressions),
            ReadProtection(root, "trailing_stop", pair, expressions), risk,
            exit?.Optional("after_bars") is null ? null : expressions.Positive(exit, "after_bars"),
            SessionReader.Read(root, timeframe));
        if (entry is null || (entry.IsObject && entry.Optional("long") is null && entry.Optional("short") is null))
            root.Refuse("entry", "expected a condition for long, short or both");
        entry?.RefuseTheRest();
        exit?.RefuseTheRest();
        return rules;
    }

    private static ProtectionSyntax? ReadProtection(JsonReader root, string name, CurrencyPair pair, ExpressionReader expressions)
    {
        if (root.OptionalObject(name) is not { IsObject: true } section)
            return null;
        var type = section.Text(
            "type", text => text is "percent" or "price_offset" or "pips", "percent (of the close), price_offset or pips");
        var distance = expressions.Positive(section, "value");
        section.RefuseTheRest();
        if (distance is not null && type == "pips")
            distance = distance with { Syntax = new BinarySyntax(1, "*", distance.Syntax, new NumberSyntax(1, pair.Pip)) };
        return distance is null ? null : new ProtectionSyntax(type == "percent", distance);
    }
}
