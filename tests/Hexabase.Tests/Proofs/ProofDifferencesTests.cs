using System.Text.Json;
using Hexabase.Backtesting.Proofs;

namespace Hexabase.Tests.Proofs;

/// <summary>How two results are compared, and how what differs is called.</summary>
public sealed class ProofDifferencesTests
{
    [Theory]
    [InlineData("{}", "{}", "")]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1, 2")]
    [InlineData("""{"a":{"b":null}}""", """{"a":{"b":2}}""", "a.b: null, 2")]
    [InlineData("""{"a":1}""", """{"b":1}""", "a: 1, -; b: -, 1")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3,4]}""", "a[1]: 2, 3; a[2]: -, 4")]
    [InlineData("""{"a":{"columns":["p","q"],"rows":[[1,2],[3,4]]}}""", """{"a":{"columns":["p","q"],"rows":[[1,2],[3,5]]}}""", "a.rows[1].q: 4, 5")]
    [InlineData("""{"a":{"columns":["p"],"rows":[]}}""", """{"a":{"columns":["p"],"rows":[[1]]}}""", "a.rows[0].p: -, 1")]
    [InlineData("""{"a":{"columns":["p"],"rows":[[1,2]]}}""", """{"a":{"columns":["p"],"rows":[[1]]}}""", "a.rows[0][1]: 2, -")]
    [InlineData("""{"a":{"columns":["p"],"rows":[7]}}""", """{"a":{"columns":["p"],"rows":[[1]]}}""", "a.rows[0]: 7, -; a.rows[0][0]: -, 1")]
    [InlineData("""{"a":5}""", """{"a":{"b":6}}""", "a: 5, -; a.b: -, 6")]
    [InlineData("""{"a":[]}""", """{}""", "a: [], -")]
    [InlineData("""{"a":[]}""", """{"a":{}}""", "a: [], -; a: -, {}")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "a: \"1\", 1")]
    public void Each_value_that_differs_is_called_by_its_path(string claimed, string computed, string expected) => Assert.Equal(
        expected,
        string.Join("; ", ResultDifferences.Between(JsonElement.Parse(claimed), JsonElement.Parse(computed)).Listed.Select(
            d => $"{d.Path}: {d.Claimed?.GetRawText() ?? "-"}, {d.Computed?.GetRawText() ?? "-"}")));

    [Fact]
    public void The_first_are_listed_and_all_are_counted()
    {
        var differences = ResultDifferences.Between(
            JsonSerializer.SerializeToElement(Enumerable.Range(0, 5_000)), JsonSerializer.SerializeToElement(Enumerable.Range(1, 5_000)));
        Assert.Equal((5_000L, ResultDifferences.MostListed, "[0]"), (differences.Count, differences.Listed.Count, differences.Listed[0].Path));
    }

    [Fact]
    public void Long_texts_are_cut_where_they_are_shown()
    {
        var text = new string('x', 10_000);
        var difference = Assert.Single(ResultDifferences.Between(
            JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text }), JsonElement.Parse("{}")).Listed);
        Assert.InRange(difference.Path.Length, 1, 210);
        Assert.InRange(difference.Claimed!.Value.GetRawText().Length, 1, 210);
    }
}
