using Hexabase.Backtesting.MonteCarlo;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads how often the trades of a run are to be resampled.</summary>
internal static class MonteCarloReader
{
    /// <summary>Null when the document does not ask for it.</summary>
    public static int? Read(JsonReader root)
    {
        if (root.OptionalObject("monte_carlo") is not { IsObject: true } section)
            return null;
        var resamples = section.Number("resamples", TradeBootstrap.FewestResamples, TradeBootstrap.MostResamples);
        if (resamples != Math.Floor(resamples))
            section.Refuse("resamples", "expected a whole number");
        section.RefuseTheRest();
        return (int)resamples;
    }
}
