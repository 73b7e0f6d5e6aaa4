using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Local.Functions;

namespace Hexabase.Tests.Durable;

/// <summary>Activities as the wire has them: fact sheet durable-custom-handler §3.</summary>
public sealed class EngineActivityCallTests
{
    [Theory]
    [InlineData(
        """{"sku":"A1","qty":2}""",
        """{"input":"\"{\\\"sku\\\":\\\"A1\\\",\\\"qty\\\":2}\""}""",
        """{"instanceId":"\"order-42\"","input":"\"{\\\"sku\\\":\\\"A1\\\",\\\"qty\\\":2}\"","data":{"sku":"A1","qty":2},"sku":"\"A1\"","qty":"\"2\""}""")]
    [InlineData("\"hello\"", """{"input":"\"\\\"hello\\\"\""}""", """{"instanceId":"\"order-42\"","input":"\"\\\"hello\\\"\"","data":"\"hello\""}""")]
    [InlineData("[1,2]", """{"input":"\"[1,2]\""}""", """{"instanceId":"\"order-42\"","input":"\"[1,2]\"","data":"[1,2]"}""")]
    [InlineData(null, """{"input":"null"}""", """{"instanceId":"\"order-42\""}""")]
    [InlineData( // the trap: an input's property hides the instance's id
        """{"instanceId":"other"}""",
        """{"input":"\"{\\\"instanceId\\\":\\\"other\\\"}\""}""",
        """{"instanceId":"\"other\"","input":"\"{\\\"instanceId\\\":\\\"other\\\"}\"","data":{"instanceId":"other"}}""")]
    public async Task An_activity_gets_its_input_encoded_twice_and_metadata_that_the_input_overwrites(string? input, string data, string metadata)
    {
        var app = new ScriptedApp(new Script(new Step.Activities(["Echo"], input)));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("order-42", "Scripted");
        await host.End("order-42");
        var seen = Assert.Single(app.App.Activities);
        Assert.Equal(data, seen.Data);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(metadata), JsonNode.Parse(seen.Metadata)), seen.Metadata);
    }

    [Theory]
    [InlineData("""{ "a": 1 }""", """{"a":1}""")]
    [InlineData("[1, 2]", "[1,2]")]
    [InlineData("""  "{\"a\":1}" """, """
        "{\"a\":1}"
        """)]
    [InlineData("5", "5")]
    [InlineData("true", "true")]
    [InlineData("1.10", "1.1")]
    [InlineData("1.0", "1.0")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("\"2026-01-15T00:00:00+09:00\"", "\"2026-01-14T15:00:00+00:00\"")]
    [InlineData("""{"at":["2026-01-15T00:00:00.500+09:00"]}""", """{"at":["2026-01-14T15:00:00.5+00:00"]}""")]
    [InlineData("\"2026-01-15T00:00:00Z\"", "\"2026-01-15T00:00:00Z\"")]
    [InlineData("""  "{\"at\":\"2026-01-15T00:00:00+09:00\"}" """, """
        "{\"at\":\"2026-01-15T00:00:00+09:00\"}"
        """)]
    [InlineData(null, null)]
    public async Task What_an_activity_returns_is_written_again_as_the_host_does(string? returned, string? result)
    {
        var app = new ScriptedApp(new Script(new Step.Activities(["Echo"])));
        app.App.Activity = (_, _) => Task.FromResult(EngineApp.Returned(returned));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("order-42", "Scripted");
        await host.End("order-42");
        var completed = app.App.Turns[^1].NewEvents.Single(e => e.TaskCompleted is not null).TaskCompleted;
        Assert.Equal(result?.Trim(), completed.Result);
    }

    [Fact]
    public async Task What_is_no_text_in_an_answer_fails_the_activity()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(["Echo"])));
        app.App.Activity = (_, _) => Task.FromResult(new InvocationResult { ReturnValue = Encoding.UTF8.GetBytes("""{"a":"\ud800"}""") });
        await using var host = await EngineHost.Start(app.App);
        await host.Start("order-42", "Scripted");
        await host.End("order-42");
        Assert.NotNull(Assert.Single(app.App.Turns[^1].NewEvents, e => e.TaskFailed is not null));
    }

    [Fact]
    public async Task A_failed_activity_is_told_in_the_words_of_the_extension()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(["Echo"])));
        app.App.Activity = (_, _) => Task.FromResult(new InvocationResult("Response status code does not indicate success: 500 (Internal Server Error)."));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("order-42", "Scripted");
        await host.End("order-42");
        var failure = app.App.Turns[^1].NewEvents.Single(e => e.TaskFailed is not null).TaskFailed.FailureDetails;
        Assert.Equal("Microsoft.Azure.WebJobs.Host.FunctionInvocationException", failure.ErrorType);
        Assert.Equal("Exception while executing function: Functions.Echo", failure.ErrorMessage);
        Assert.Equal("System.Net.Http.HttpRequestException", failure.InnerFailure.ErrorType);
        Assert.Equal("Response status code does not indicate success: 500 (Internal Server Error).", failure.InnerFailure.ErrorMessage);
        Assert.False(failure.IsNonRetriable);
    }
}
