using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.MonteCarlo;

namespace Hexabase.Backtesting.Results;

/// <summary>What resampling the trades came to.</summary>
internal static class MonteCarloJson
{
    public static void Write(ref CanonicalWriter json, MonteCarloResult? result)
    {
        if (result is null)
        {
            json.Null();
            return;
        }
        json.BeginObject();
        json.Name("equity_bands"u8);
        WriteBands(ref json, result.EquityBands);
        json.Name("percentiles"u8);
        WritePercentiles(ref json, result.Percentiles);
        json.Property("probability_of_loss"u8, result.ProbabilityOfLoss);
        json.Property("probability_of_ruin"u8, result.ProbabilityOfRuin);
        json.Property("resamples"u8, result.Resamples);
        json.Property("resamples_requested"u8, result.ResamplesRequested);
        json.EndObject();
    }

    private static void WriteBands(ref CanonicalWriter json, IReadOnlyList<EquityBand> bands)
    {
        json.BeginTable("trade", "p5", "p50", "p95");
        foreach (var band in bands)
        {
            json.BeginArray();
            json.Number(band.Trade);
            json.Number(band.P5);
            json.Number(band.P50);
            json.Number(band.P95);
            json.EndArray();
        }
        json.EndTable();
    }

    private static void WritePercentiles(ref CanonicalWriter json, IReadOnlyList<OutcomePercentile> percentiles)
    {
        json.BeginTable("percent", "final_equity", "max_drawdown_pct");
        foreach (var percentile in percentiles)
        {
            json.BeginArray();
            json.Number(percentile.Percent);
            json.Number(percentile.FinalEquity);
            json.Number(percentile.MaxDrawdownPct);
            json.EndArray();
        }
        json.EndTable();
    }
}
