using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Language;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Backtesting;

/// <summary>What <c>docs/strategy-language.md</c> shows is right, and it shows every word there is.</summary>
public sealed class LanguagePageTests
{
    private const string ParametersOfThePage =
        """{"parameters": {"fast": {"default": 10, "min": 2, "max": 100}, "slow": {"default": 30, "min": 5, "max": 400}}}""";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "strategy-language.md"));

    public static TheoryData<string> Expressions() =>
    [
        .. Blocks("expression").SelectMany(block => block)
            .Concat(Rows("example").SelectMany(row => Code(row[^1])))
            .Concat(Prose().SelectMany(Code).Where(code => code.AsSpan().ContainsAny('(', '[')))
            .Distinct(StringComparer.Ordinal),
    ];

    public static TheoryData<string> JsonBlocks() => [.. Blocks("json").Select(block => string.Join('\n', block))];

    public static TheoryData<string, string> Refusals()
    {
        var refusals = new TheoryData<string, string>();
        foreach (var row in Rows("the answer"))
            refusals.Add(Code(row[0]).Single(), Code(row[1]).Single());
        return refusals;
    }

    public static TheoryData<string> Functions() => [.. Vocabulary.Functions.Keys];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_of_the_page_can_be_used(string expression)
    {
        var asCondition = Documents.Errors(Documents.Of(expression, null, ParametersOfThePage));
        var asNumber = Documents.Errors(Documents.Of($"({expression}) != 0", null, ParametersOfThePage));
        Assert.True(asCondition.Count == 0 || asNumber.Count == 0, asCondition.Concat(asNumber).FirstOrDefault());
    }

    [Theory]
    [MemberData(nameof(JsonBlocks))]
    public void A_document_of_the_page_or_a_part_of_one_is_a_strategy(string json)
    {
        var isWhole = JsonNode.Parse(json)!.AsObject().ContainsKey("schema");
        Assert.Empty(Documents.Errors(isWhole ? JsonSerializer.Deserialize<JsonElement>(json) : Documents.Of("close > open", null, json)));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_error_of_the_page_is_the_one_that_comes(string expression, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of(expression, null, ParametersOfThePage)));

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_is_there_with_what_it_takes_and_its_results(string function)
    {
        var row = Assert.Single(Rows("example"), row => row[0] == $"`{function}`");
        Assert.Equal(Vocabulary.Functions[function].Signature, row[1]);
        var call = Code(row[^1]).Single();
        var start = call.IndexOf(function + "(", StringComparison.Ordinal);
        var end = call.IndexOf(')', start);
        if (Hexabase.Tests.Backtesting.Expressions.Bind(call[start..(end + 1)], new PlanBuilder()) is BoundOutputs outputs)
        {
            Assert.Equal(outputs.Outputs.Keys, Code(row[2]));
            Assert.Equal(outputs.Main, Code(row[2]).FirstOrDefault(name => row[2].Contains($"`{name}` (main)", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Every_series_is_there() =>
        Assert.Equal(Vocabulary.Series.Keys, Rows("what it is").Where(row => row.Length == 2).SelectMany(row => Code(row[0])));

    [Fact]
    public void Every_limit_is_there() => Assert.Equal(
        new[]
        {
            StrategyLimits.DocumentBytes, StrategyLimits.ExpressionLength, StrategyLimits.Nesting, StrategyLimits.Nodes, StrategyLimits.Parameters,
            StrategyLimits.Definitions, StrategyLimits.Period, StrategyLimits.FirstDecisionBar, StrategyLimits.Errors,
        }.Select(limit => limit.ToString("N0", CultureInfo.InvariantCulture)),
        Rows("at most").Select(row => row[1]));

    private static List<List<string>> Blocks(string language)
    {
        var blocks = new List<List<string>>();
        for (var at = 0; at < Lines.Length; at++)
        {
            if (Lines[at] == $"```{language}")
                blocks.Add([.. Lines.Skip(at + 1).TakeWhile(line => line != "```")]);
        }
        return blocks;
    }

    /// <summary>The cells of all tables that have a column of this name.</summary>
    private static List<string[]> Rows(string column)
    {
        var rows = new List<string[]>();
        for (var at = 0; at < Lines.Length; at++)
        {
            if (Lines[at].StartsWith('|') && Cells(Lines[at]).Contains(column, StringComparer.Ordinal))
                rows.AddRange(Lines.Skip(at + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells));
        }
        return rows;
    }

    private static string[] Cells(string row) => row.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    /// <summary>What stands between backticks.</summary>
    private static IEnumerable<string> Code(string text) => text.Split('`').Where((_, i) => i % 2 == 1);

    /// <summary>The lines outside blocks and tables.</summary>
    private static List<string> Prose()
    {
        var isBlock = false;
        var prose = new List<string>();
        foreach (var line in Lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isBlock = !isBlock;
            else if (!isBlock && !line.StartsWith('|'))
                prose.Add(line);
        }
        return prose;
    }
}
