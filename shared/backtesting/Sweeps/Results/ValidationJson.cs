using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Metrics;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>What validation found, in the result; null when there was none.</summary>
internal static class ValidationJson
{
    public static void Write(ref CanonicalWriter json, SweepResult result)
    {
        switch (result.Validation)
        {
            case OutOfSampleReport report:
                WriteOutOfSample(ref json, result, report);
                break;
            case WalkForwardReport report:
                WriteWalkForward(ref json, result.Sweep, report);
                break;
            default:
                json.Null();
                break;
        }
    }

    private static void WriteOutOfSample(ref CanonicalWriter json, SweepResult result, OutOfSampleReport report)
    {
        json.BeginObject();
        json.Name("in_sample"u8);
        WritePeriod(ref json, report.InSample);
        json.Name("out_of_sample"u8);
        WritePeriod(ref json, report.OutOfSample);
        json.Property("rank_correlation"u8, report.RankCorrelation);
        json.Name("sets"u8);
        json.BeginTable([.. FiguresJson.Columns]);
        foreach (var set in result.Sets)
        {
            json.BeginArray();
            FiguresJson.WriteCells(ref json, result.Sweep.Objective, set.Refusal is null ? set.On(OutOfSampleReport.Part) : null);
            json.EndArray();
        }
        json.EndTable();
        json.Property("type"u8, "out_of_sample");
        json.EndObject();
    }

    private static void WriteWalkForward(ref CanonicalWriter json, SweepDefinition sweep, WalkForwardReport report)
    {
        json.BeginObject();
        json.Property("efficiency"u8, report.Efficiency);
        json.Name("out_of_sample"u8);
        WriteStitched(ref json, report.OutOfSample);
        json.Property("type"u8, "walk_forward");
        json.Name("windows"u8);
        json.BeginArray();
        foreach (var window in report.Windows)
            WriteWindow(ref json, sweep, window);
        json.EndArray();
        json.EndObject();
    }

    private static void WriteStitched(ref CanonicalWriter json, StitchedFigures figures)
    {
        json.BeginObject();
        json.Property("bars"u8, figures.Bars);
        json.Property("max_drawdown_pct"u8, figures.MaxDrawdownPct);
        json.Property("net_profit"u8, figures.NetProfit);
        json.Property("profit_factor"u8, figures.ProfitFactor);
        json.Property("trades"u8, figures.Trades);
        json.Property("win_rate"u8, figures.WinRate);
        json.EndObject();
    }

    private static void WriteWindow(ref CanonicalWriter json, SweepDefinition sweep, Window window)
    {
        json.BeginObject();
        json.Property("efficiency"u8, window.Efficiency);
        json.Name("in_sample"u8);
        WritePart(ref json, sweep.Objective, window.InSample, window.Before);
        json.Name("out_of_sample"u8);
        WritePart(ref json, sweep.Objective, window.OutOfSample, window.After);
        json.Name("parameters"u8);
        WriteParameters(ref json, sweep.Space, window.Chosen?.Coordinates);
        json.Property("set"u8, (double?)window.Chosen?.Number);
        json.EndObject();
    }

    private static void WritePart(ref CanonicalWriter json, Objective objective, Period period, BacktestMetrics? metrics)
    {
        json.BeginObject();
        json.Name("figures"u8);
        FiguresJson.Write(ref json, objective, metrics);
        json.Name("period"u8);
        WritePeriod(ref json, period);
        json.EndObject();
    }

    private static void WriteParameters(ref CanonicalWriter json, SearchSpace space, int[]? coordinates)
    {
        if (coordinates is null)
        {
            json.Null();
            return;
        }
        json.BeginObject();
        for (var i = 0; i < coordinates.Length; i++)
            json.Property(System.Text.Encoding.ASCII.GetBytes(space.Axes[i].Parameter), space.Axes[i].Values[coordinates[i]]);
        json.EndObject();
    }

    private static void WritePeriod(ref CanonicalWriter json, Period period)
    {
        json.BeginObject();
        json.Property("first_bar"u8, period.Bars.From);
        json.Name("first_time"u8);
        json.Time(period.FirstTime);
        json.Property("last_bar"u8, period.Bars.Last);
        json.Name("last_time"u8);
        json.Time(period.LastTime);
        json.EndObject();
    }
}
