using System.Buffers;
using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>
/// The stored form of a search's result, schema <c>hexabase.sweep/v1</c>: canonical JSON (RFC 8785) written directly, so its properties
/// stand here in the order of their names. Sets are referred to by their row in the table of sets.
/// </summary>
internal static class SweepJson
{
    public const string Schema = "hexabase.sweep/v1";

    /// <summary>The columns of the table of sets, after those of the parameters.</summary>
    public static IReadOnlyList<string> SetColumns { get; } = [.. FiguresJson.Columns, "accepted", "valid"];

    public static void Write(SweepResult result, IBufferWriter<byte> output, string codeHash, string datasetHash)
    {
        var sweep = result.Sweep;
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Property("bars"u8, result.Bars);
        json.Name("best"u8);
        json.BeginArray();
        foreach (var set in result.BestSets)
            json.Number(set.Number);
        json.EndArray();
        json.Property("code_hash"u8, codeHash);
        json.Property("dataset_hash"u8, datasetHash);
        json.Property("engine_version"u8, EngineVersion.Current);
        json.Property("evaluations"u8, sweep.Evaluations);
        json.Name("heat_maps"u8);
        json.BeginArray();
        foreach (var map in HeatMap.Of(sweep, result.Sets))
            WriteHeatMap(ref json, map);
        json.EndArray();
        json.Name("invalid"u8);
        WriteInvalid(ref json, result);
        json.Property("invalid_count"u8, result.Sets.Count(set => set.Refusal is not null));
        json.Name("parameters"u8);
        json.BeginArray();
        foreach (var axis in sweep.Space.Axes)
            json.Text(axis.Parameter);
        json.EndArray();
        json.Property("schema"u8, Schema);
        json.Name("search"u8);
        SearchJson.Write(ref json, sweep);
        json.Name("sets"u8);
        WriteSets(ref json, result);
        json.Name("validation"u8);
        ValidationJson.Write(ref json, result);
        json.EndObject();
        json.Flush();
    }

    private static void WriteHeatMap(ref CanonicalWriter json, HeatMap map)
    {
        json.BeginObject();
        json.Name("cells"u8);
        json.BeginArray();
        foreach (var row in map.Cells)
        {
            json.BeginArray();
            foreach (var cell in row)
                json.Number(cell);
            json.EndArray();
        }
        json.EndArray();
        json.Name("x"u8);
        WriteAxis(ref json, map.X);
        json.Name("y"u8);
        WriteAxis(ref json, map.Y);
        json.EndObject();
    }

    private static void WriteAxis(ref CanonicalWriter json, Axis axis)
    {
        json.BeginObject();
        json.Property("parameter"u8, axis.Parameter);
        json.Name("values"u8);
        SearchJson.WriteValues(ref json, axis);
        json.EndObject();
    }

    private static void WriteInvalid(ref CanonicalWriter json, SweepResult result)
    {
        json.BeginTable("set", "reason");
        foreach (var set in result.Sets.Where(set => set.Refusal is not null).Take(SweepLimits.ListedInvalid))
        {
            json.BeginArray();
            json.Number(set.Number);
            json.EscapedText(set.Refusal!);
            json.EndArray();
        }
        json.EndTable();
    }

    private static void WriteSets(ref CanonicalWriter json, SweepResult result)
    {
        var sweep = result.Sweep;
        json.BeginTable([.. sweep.Space.Axes.Select(axis => axis.Parameter), .. SetColumns]);
        foreach (var set in result.Sets)
        {
            var metrics = set.Refusal is null ? set.On(part: 0) : null;
            json.BeginArray();
            for (var i = 0; i < set.Coordinates.Length; i++)
                json.Number(sweep.Space.Axes[i].Values[set.Coordinates[i]]);
            FiguresJson.WriteCells(ref json, sweep.Objective, metrics);
            json.Flag(metrics is not null && sweep.Constraints.Accept(metrics));
            json.Flag(metrics is not null);
            json.EndArray();
        }
        json.EndTable();
    }
}
