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
        if (root.OptionalObject("size") is not { } section)
            return (new PositionSize(SizeMeasure.Units, DefaultUnits), null);
        const string types = "units, lots, fraction (of buying power), cash or atr_risk";
        var type = section.Text("type", text => text is "units" or "lots" or "fraction" or "cash" or "atr_risk", types);
        var risk = type == "atr_risk" ? ReadRisk(section, expressions) : null;
        var size = type switch
        {
            "lots" => new PositionSize(SizeMeasure.Units, ReadLots(section)),
            "fraction" => new PositionSize(SizeMeasure.Fraction, ReadFraction(section)),
            "cash" => new PositionSize(SizeMeasure.Cash, section.Number("value", 1, MostMoney)),
            "atr_risk" => new PositionSize(SizeMeasure.Risk, section.Number("percent", 0.001, 100)),
            _ => new PositionSize(SizeMeasure.Units, ReadUnits(section)),
        };
        section.RefuseTheRest();
        return (size, risk);
    }

    private static double ReadUnits(JsonReader section)
    {
        var units = section.Number("value", 0, MostUnits);
        if (units < 1 || units != Math.Floor(units))
            section.Refuse("value", "expected whole units, at least 1");
        return units;
    }

    private static double ReadLots(JsonReader section)
    {
        const double decimals = 1e-6;
        var units = section.Number("value", 0, MostUnits / CurrencyPair.Lot) * CurrencyPair.Lot;
        var whole = Math.Round(units);
        if (whole < 1 || Math.Abs(units - whole) > decimals)
            section.Refuse("value", "expected lots of whole units, at least 0.00001");
        return whole;
    }

    private static double ReadFraction(JsonReader section)
    {
        var fraction = section.Number("value", 0, 1);
        if (fraction is not (> 0 and < 1))
            section.Refuse("value", "expected a fraction between 0 and 1");
        return fraction;
    }

    private static RiskSyntax? ReadRisk(JsonReader section, ExpressionReader expressions) =>
        expressions.Positive(section, "period") is { } period && expressions.Positive(section, "multiple") is { } multiple
            ? new RiskSyntax(period with { Syntax = new CallSyntax(1, "atr", [period.Syntax]) }, multiple)
            : null;
}
