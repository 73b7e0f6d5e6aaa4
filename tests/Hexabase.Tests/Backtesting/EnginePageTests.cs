using System.Text.Json;
using Hexabase.Backtesting.Results;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Backtesting;

/// <summary>What <c>docs/engine.md</c> shows is right, and it names what a result can say.</summary>
public sealed class EnginePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "engine.md"));

    [Fact]
    public void The_document_of_the_page_is_a_strategy()
    {
        var start = Page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        var json = Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Empty(Documents.Errors(JsonSerializer.Deserialize<JsonElement>(json)));
    }

    [Fact]
    public void The_page_names_every_exit_reason_and_rejection()
    {
        var names = Enum.GetNames<ExitReason>().Concat(Enum.GetNames<Rejection>()).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
        Assert.All(names, name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
    }
}
