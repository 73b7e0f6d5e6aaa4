using System.Net;
using System.Text.Json.Nodes;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>Timers of a real app.</summary>
public sealed class TimerTriggerTests
{
    [Fact]
    public async Task A_timer_function_can_be_started_by_hand_and_gets_the_envelope_of_the_host()
    {
        await using var platform = await TestPlatform.Start();
        using var accepted = await platform.Http.PostAsync("/admin/functions/tick", null);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await Eventually.Holds(() => platform.App.Calls.Count == 1, "the app was called");
        var call = platform.App.Calls[0];
        var body = JsonNode.Parse((string)call["text"]!)!;
        Assert.Equal("/Tick", (string?)call["pathname"]);
        Assert.False((bool)body["Data"]!["timer"]!["IsPastDue"]!);
        Assert.Equal(["sys"], body["Metadata"]!.AsObject().Select(p => p.Key), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Echo")]
    [InlineData("Disabled")]
    public async Task Only_timer_functions_can(string function)
    {
        await using var platform = await TestPlatform.Start();
        using var answer = await platform.Http.PostAsync($"/admin/functions/{function}", null);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_schedule_may_stand_in_a_setting()
    {
        await using var platform = await TestPlatform.Start(("TickSchedule", "* * * * * *"));
        await Eventually.Holds(() => platform.App.Calls.Count >= 2, "the app was called twice");
        Assert.All(platform.App.Calls, call => Assert.Equal("/FromSetting", (string?)call["pathname"]));
        Assert.Null(JsonNode.Parse((string)platform.App.Calls[0]["text"]!)!["Data"]!["timer"]!["ScheduleStatus"]);
    }
}
