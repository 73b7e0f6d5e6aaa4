using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>A search as it was understood: every default filled in, every range as its values. Reading it gives the same search.</summary>
internal static class SearchJson
{
    public static void Write(ref CanonicalWriter json, SweepDefinition sweep)
    {
        json.BeginObject();
        json.Name("constraints"u8);
        WriteConstraints(ref json, sweep.Constraints);
        json.Name("method"u8);
        WriteMethod(ref json, sweep.Method);
        json.Property("objective"u8, sweep.Objective.Name);
        json.Name("parameters"u8);
        json.BeginObject();
        foreach (var axis in sweep.Space.Axes)
        {
            json.Name(System.Text.Encoding.ASCII.GetBytes(axis.Parameter));
            json.BeginObject();
            json.Name("values"u8);
            WriteValues(ref json, axis);
            json.EndObject();
        }
        json.EndObject();
        json.Property("seed"u8, sweep.Seed);
        json.Name("validation"u8);
        WriteValidation(ref json, sweep.Validation);
        json.EndObject();
    }

    public static void WriteValues(ref CanonicalWriter json, Axis axis)
    {
        json.BeginArray();
        foreach (var value in axis.Values)
            json.Number(value);
        json.EndArray();
    }

    private static void WriteConstraints(ref CanonicalWriter json, Constraints constraints)
    {
        json.BeginObject();
        if (constraints.MaxDrawdownPct is { } drawdown)
            json.Property("max_drawdown_pct"u8, drawdown);
        if (constraints.MinProfitFactor is { } factor)
            json.Property("min_profit_factor"u8, factor);
        if (constraints.MinTrades is { } trades)
            json.Property("min_trades"u8, trades);
        json.EndObject();
    }

    private static void WriteMethod(ref CanonicalWriter json, SearchMethod method)
    {
        json.BeginObject();
        if (method is SearchMethod.Draw { Samples: var samples })
            json.Property("samples"u8, samples);
        json.Property("type"u8, method is SearchMethod.Draw ? "random" : "grid");
        json.EndObject();
    }

    private static void WriteValidation(ref CanonicalWriter json, Validation validation)
    {
        json.BeginObject();
        switch (validation)
        {
            case Validation.OutOfSample { Share: var share }:
                json.Property("share"u8, share);
                json.Property("type"u8, "out_of_sample");
                break;
            case Validation.WalkForward walk:
                json.Property("in_sample_share"u8, walk.InSampleShare);
                json.Property("type"u8, "walk_forward");
                json.Property("windows"u8, walk.Windows);
                break;
            default:
                json.Property("type"u8, "none");
                break;
        }
        json.EndObject();
    }
}
