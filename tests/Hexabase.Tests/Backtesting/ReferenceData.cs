using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Candles and reference results that lie beside the repository in <c>../shared</c>, where there are any.</summary>
internal static class ReferenceData
{
    public const string Absent = "The reference data (../shared/data, ../shared/reference) is not beside the repository.";

    private static readonly ConcurrentDictionary<string, Candles> Loaded = new(StringComparer.Ordinal);

    public static string? Folder { get; } = Find();

    public static string[] Datasets { get; } = ["eurusd_h1", "gbpusd_d1", "usdjpy_m1"];

    public static byte[] Csv(string dataset) => File.ReadAllBytes(Path.Combine(Folder!, "data", $"{dataset}.csv"));

    public static Candles Candles(string dataset) => Loaded.GetOrAdd(dataset, name => Hexabase.Backtesting.Prices.Candles.Parse(Csv(name)));

    public static JsonElement Result(string name) =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(Folder!, "reference", $"{name}.json")));

    /// <summary>One column of the indicator table; NaN where it is empty.</summary>
    public static double[] Indicator(string column)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder!, "reference", "indicators.eurusd_h1.csv"));
        var at = Array.IndexOf(lines[0].Split(','), column);
        var cells = lines.Skip(1).Select(line => line.Split(',')[at]);
        return [.. cells.Select(cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture))];
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(shared, "data")) && Directory.Exists(Path.Combine(shared, "reference")))
                return shared;
        }
        return null;
    }
}

/// <summary>A fact that needs the reference data; skipped where it is absent.</summary>
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute() => Skip = ReferenceData.Folder is null ? ReferenceData.Absent : null;
}

/// <summary>A theory that needs the reference data; skipped where it is absent.</summary>
internal sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute() => Skip = ReferenceData.Folder is null ? ReferenceData.Absent : null;
}
