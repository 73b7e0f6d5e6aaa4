using System.Net;
using System.Text.Json;
using Hexabase.Worker;

namespace Hexabase.Tests.Worker;

public sealed class TimerTests
{
    private const string Status =
        """{"Last":"2026-01-15T00:00:00+00:00","Next":"2026-01-15T00:05:00","LastUpdated":"2026-01-15T00:00:00+00:00"}""";

    [Fact] // custom-handlers.md §5.2
    public async Task A_timer_arrives_with_its_schedule_in_UTC()
    {
        var timer = await Receive($$"""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{{Status}},"IsPastDue":true}""");

        Assert.True(timer.IsPastDue);
        Assert.Equal(new DateTime(2026, 1, 15, 0, 0, 0, DateTimeKind.Utc), timer.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2026, 1, 15, 0, 5, 0, DateTimeKind.Utc), timer.ScheduleStatus.Next);
        Assert.Equal(DateTimeKind.Utc, timer.ScheduleStatus.Next.Kind);
    }

    [Fact]
    public async Task A_timer_that_is_not_monitored_has_no_status()
    {
        var timer = await Receive("""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""");

        Assert.False(timer.IsPastDue);
        Assert.Null(timer.ScheduleStatus);
    }

    [Fact]
    public async Task The_very_first_run_has_no_past()
    {
        var timer = await Receive("""{"ScheduleStatus":{"Last":"0001-01-01T00:00:00","Next":"2026-01-15T00:05:00","LastUpdated":"0001-01-01T00:00:00+09:00"}}""");

        Assert.Equal(default, timer.ScheduleStatus!.Last);
        Assert.Equal(default, timer.ScheduleStatus.LastUpdated);
    }

    [Fact]
    public async Task A_timer_in_a_string_is_taken_too()
    {
        var timer = await Receive(JsonSerializer.Serialize($$"""{"ScheduleStatus":{{Status}},"IsPastDue":false}"""));

        Assert.Equal(2026, timer.ScheduleStatus!.Last.Year);
    }

    private static async Task<TimerInfo> Receive(string timer)
    {
        await using var app = await WorkerApp.Start(typeof(OnTimer));
        using var reply = await app.Invoke("OnTimer", $$"""{"Data":{"timer":{{timer}} },"Metadata":{"sys":{"MethodName":"OnTimer"} } }""");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return app.Received.Single<TimerInfo>();
    }
}
