using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads how much an entry buys or sells.</summary>
internal static class SizeReader
{
    private const double DefaultUnits = 10_000;
    private const double MostUnits = 1e9;
    private const double MostMoney = 1e12;

    /// <returns>The size, and the move that a size by risk counts with.</returns>
    public static (PositionSize Size, RiskSyntax? Risk) Read(JsonReader root, ExpressionReader expressions)
    {
        var byDefault = new PositionSize(SizeMeasure.Units, DefaultUnits);
        if (root.OptionalObject("size") is not { IsObject: true } section)
            return (byDefault, null);
        const string types = "units, lots, fraction (of buying power), cash or atr_risk";
        var type = section.Text("type", text => text is "units" or "lots" or "fraction" or "cash" or "atr_risk", types);
        var risk = type == "atr_risk" ? ReadRisk(section, expressions) : null;
        PositionSize? size = type switch
        {
            "units" => new PositionSize(SizeMeasure.Units, ReadUnits(section)),
            "lots" => new PositionSize(SizeMeasure.Units, ReadLots(section)),
            "fraction" => new PositionSize(SizeMeasure.Fraction, ReadFraction(section)),
            "cash" => new PositionSize(SizeMeasure.Cash, section.Number("value", 1, MostMoney)),
            "atr_risk" => new PositionSize(SizeMeasure.Risk, section.Number("percent", 0.001, 100)),
            _ => null, // Nothing else can be said of it.
        };
        if (size is not null)
            section.RefuseTheRest();
        return (size ?? byDefault, risk);
    }

    private static double ReadUnits(JsonReader section) =>
        section.Number("value", 0, MostUnits, units => units >= 1 && units == Math.Floor(units), "whole units, at least 1");

    private static double ReadLots(JsonReader section)
    {
        const double decimals = 1e-6;
        var lots = section.Number(
            "value", 0, MostUnits / CurrencyPair.Lot,
            lots => Math.Round(lots * CurrencyPair.Lot) is >= 1 and var whole && Math.Abs((lots * CurrencyPair.Lot) - whole) <= decimals,
            "lots of whole units, at least 0.00001");
        return Math.Round(lots * CurrencyPair.Lot);
    }

    private static double ReadFraction(JsonReader section) =>
        section.Number("value", 0, 1, fraction => fraction is > 0 and < 1, "a fraction between 0 and 1");

    private static RiskSyntax? ReadRisk(JsonReader section, ExpressionReader expressions)
    {
        var period = expressions.Positive(section, "period");
        var multiple = expressions.Positive(section, "multiple");
        return period is not null && multiple is not null
            ? new RiskSyntax(period with { Syntax = new CallSyntax(1, "atr", [period.Syntax]) }, multiple)
            : null;
    }
}
