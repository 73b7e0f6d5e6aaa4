using System.Text.Json;
using Hexabase.Backtesting.Results;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Backtesting;

public sealed class MetricPageTests
{
    [Theory]
    [InlineData("metrics")]
    [InlineData("sides")]
    [InlineData("monthly_returns")]
    [InlineData("monte_carlo")]
    public void The_page_defines_every_name(string section)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md"));
        var result = Documents.Run(
            Documents.Strategy("close == 1", null, """{"monte_carlo": {"resamples": 100}}"""), Documents.Closes(2, 1, 3, 4));
        var json = JsonSerializer.Deserialize<JsonElement>(result.ToCanonicalJson("", "")).GetProperty(section);
        string[] names = [section, .. Names(json)];
        Assert.True(names.Length > 3);
        Assert.All(names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    /// <summary>The properties inside, and the columns of tables in their place.</summary>
    private static IEnumerable<string> Names(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object ? []
        : value.TryGetProperty("columns", out var columns) ? columns.EnumerateArray().Select(column => column.GetString()!)
        : value.EnumerateObject().SelectMany(property => Names(property.Value).Prepend(property.Name));
}
