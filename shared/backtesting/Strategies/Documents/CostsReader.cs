using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads what fills and nights cost; pips and points become price units of the pair.</summary>
internal static class CostsReader
{
    private const double MostPips = 1_000;
    private const double MostSlippagePips = 100;
    private const double MostSwapPoints = 10_000;
    private const int DefaultRolloverHour = 22;

    public static TradingCosts Read(JsonReader root, CurrencyPair pair)
    {
        if (root.OptionalObject("costs") is not { } section)
            return TradingCosts.None;
        var costs = new TradingCosts(
            ReadSpread(section, pair),
            section.OptionalNumber("commission_fixed", 0, 1e6) ?? 0,
            section.OptionalNumber("commission_rate", 0, 0.1) ?? 0,
            pair.Pip * (section.OptionalNumber("slippage_pips", 0, MostSlippagePips) ?? 0),
            ReadSwap(section, pair));
        section.RefuseTheRest();
        return costs;
    }

    private static Spread ReadSpread(JsonReader section, CurrencyPair pair)
    {
        var relative = section.OptionalNumber("spread", 0, 0.1);
        var pips = section.OptionalNumber("spread_pips", 0, MostPips);
        var isFromData = section.OptionalFlag("spread_from_data");
        if ((relative is null ? 0 : 1) + (pips is null ? 0 : 1) + (isFromData ? 1 : 0) > 1)
            section.Refuse("spread", "give one of spread, spread_pips and spread_from_data");
        return isFromData ? new Spread(SpreadMeasure.FromData, 0)
            : pips is { } distance ? new Spread(SpreadMeasure.Price, pair.Pip * distance)
            : new Spread(SpreadMeasure.Relative, relative ?? 0);
    }

    private static SwapTerms? ReadSwap(JsonReader costs, CurrencyPair pair)
    {
        if (costs.OptionalObject("swap") is not { IsObject: true } section)
            return null;
        var forLong = section.Number("long", -MostSwapPoints, MostSwapPoints);
        var forShort = section.Number("short", -MostSwapPoints, MostSwapPoints);
        var hour = section.OptionalNumber("rollover_hour", 0, 23) ?? DefaultRolloverHour;
        if (hour != Math.Floor(hour))
            section.Refuse("rollover_hour", "expected a whole hour");
        section.RefuseTheRest();
        return new SwapTerms(pair.Point * forLong, pair.Point * forShort, (int)hour);
    }
}
