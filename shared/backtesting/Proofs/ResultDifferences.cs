using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hexabase.Backtesting.Proofs;

/// <summary>
/// Compares two results value by value. Cells of tables (<c>columns</c> and <c>rows</c>) are named by their column. What is an object or
/// a list on one side only differs in each of its values. Takes time and memory in proportion to the two.
/// </summary>
public sealed class ResultDifferences
{
    /// <summary>How many are listed; beyond it they are only counted.</summary>
    public const int MostListed = 20;

    private const int LongestText = 200;
    private static readonly IReadOnlyList<string> NoColumns = [];
    private readonly List<Difference> listed = [];

    private ResultDifferences()
    {
    }

    /// <summary>The first of them, in the order of the properties' names.</summary>
    public IReadOnlyList<Difference> Listed => listed;

    /// <summary>All of them.</summary>
    public long Count { get; private set; }

    /// <summary>Where two results in canonical form differ.</summary>
    public static ResultDifferences Between(JsonElement claimed, JsonElement computed)
    {
        var differences = new ResultDifferences();
        differences.Compare("", claimed, computed);
        return differences;
    }

    private void Compare(string path, JsonElement? claimed, JsonElement? computed)
    {
        if (BothAre(JsonValueKind.Object, claimed, computed))
            CompareProperties(path, claimed, computed);
        else if (BothAre(JsonValueKind.Array, claimed, computed))
            CompareItems(path, claimed, computed, NoColumns, NoColumns);
        else if (IsContainer(claimed) || IsContainer(computed))
            CompareApart(path, claimed, computed);
        else if (claimed is null || computed is null || !AreSame(claimed.Value, computed.Value))
            Add(path, claimed, computed);
    }

    private void CompareProperties(string path, JsonElement? claimed, JsonElement? computed)
    {
        var (left, right) = (PropertiesOf(claimed), PropertiesOf(computed));
        if (left.Count + right.Count == 0)
            AddEmpty(path, claimed, computed);
        var columns = ColumnsOf(right.Count > 0 ? right : left);
        foreach (var name in left.Keys.Union(right.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var at = Clip(path.Length == 0 ? name : $"{path}.{name}");
            JsonElement? a = left.TryGetValue(name, out var known) ? known : null;
            JsonElement? b = right.TryGetValue(name, out known) ? known : null;
            if (name == "rows" && columns.Count > 0 && BothAre(JsonValueKind.Array, a, b))
                CompareItems(at, a, b, NoColumns, columns);
            else
                Compare(at, a, b);
        }
    }

    /// <summary>Item by item, called by their index or, where there is one, by their name.</summary>
    /// <param name="columns">Names of the items' own items.</param>
    private void CompareItems(
        string path, JsonElement? claimed, JsonElement? computed, IReadOnlyList<string> names, IReadOnlyList<string> columns)
    {
        var (left, right) = (ItemsOf(claimed), ItemsOf(computed));
        if (left.Count + right.Count == 0)
            AddEmpty(path, claimed, computed);
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            JsonElement? a = i < left.Count ? left[i] : null;
            JsonElement? b = i < right.Count ? right[i] : null;
            if (a is not null && b is not null && AreSame(a.Value, b.Value))
                continue;
            var at = i < names.Count ? $"{path}.{names[i]}" : string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (columns.Count > 0 && BothAre(JsonValueKind.Array, a, b))
                CompareItems(at, a, b, columns, NoColumns);
            else
                Compare(at, a, b);
        }
    }

    private void CompareApart(string path, JsonElement? claimed, JsonElement? computed)
    {
        if (claimed is not null)
            Compare(path, claimed, computed: null);
        if (computed is not null)
            Compare(path, claimed: null, computed);
    }

    /// <summary>Two that are empty differ when one of them is not there.</summary>
    private void AddEmpty(string path, JsonElement? claimed, JsonElement? computed)
    {
        if (claimed is null || computed is null)
            Add(path, claimed, computed);
    }

    private void Add(string path, JsonElement? claimed, JsonElement? computed)
    {
        Count++;
        if (listed.Count < MostListed)
            listed.Add(new Difference(path, Clip(claimed), Clip(computed)));
    }

    /// <summary>True when both are of this kind, or one of them is and the other is not there.</summary>
    private static bool BothAre(JsonValueKind kind, JsonElement? a, JsonElement? b) =>
        (a?.ValueKind ?? kind) == kind && (b?.ValueKind ?? kind) == kind && (a is not null || b is not null);

    private static bool IsContainer(JsonElement? value) => value?.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private static bool AreSame(JsonElement a, JsonElement b) =>
        JsonMarshal.GetRawUtf8Value(a).SequenceEqual(JsonMarshal.GetRawUtf8Value(b));

    private static Dictionary<string, JsonElement> PropertiesOf(JsonElement? value) =>
        value?.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal) ?? [];

    private static List<JsonElement> ItemsOf(JsonElement? value) => value is { } list ? [.. list.EnumerateArray()] : [];

    private static IReadOnlyList<string> ColumnsOf(Dictionary<string, JsonElement> table) =>
        table.TryGetValue("columns", out var columns) && columns.ValueKind == JsonValueKind.Array
        && columns.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. columns.EnumerateArray().Select(name => Clip(name.GetString()!))]
            : NoColumns;

    /// <summary>The value by itself: a part of a document would keep all of it in memory.</summary>
    private static JsonElement? Clip(JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => JsonSerializer.SerializeToElement(Clip(text.GetString()!)),
        { } other => JsonElement.Parse(JsonMarshal.GetRawUtf8Value(other)),
    };

    private static string Clip(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");
}
