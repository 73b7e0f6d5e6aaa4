using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Lanes: free never holds more than its slots.</summary>
[Collection(PlatformCollection.Name)]
public sealed class FairnessTests(PlatformFixture fixture)
{
    [Fact]
    public async Task While_free_runs_queue_up_a_paid_and_a_priority_run_overtake_them()
    {
        using var op = await fixture.Operator();
        await op.PostFor($"/api/admin/accounts/{op.AccountId}/grants", new { reason = "test", plan = "pro" }, HttpStatusCode.OK, Guid.NewGuid().ToString());
        var heavy = Text(await op.Upload("/api/datasets?name=heavy&pair=EURUSD&timeframe=M1", Candles(300_000)), "dataset_hash");
        using var free = await Prepared(op, heavy, new { reason = "test", daily_runs = 1_000, runs_per_minute = 100_000 });
        using var paid = await Prepared(op, heavy, new { reason = "test", plan = "pro" });
        using var priority = await Prepared(op, heavy, new { reason = "test", plan = "elite" });

        var backlog = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => free.Start(seed: i)));
        var overtaking = await Task.WhenAll(paid.Start(seed: 1), priority.Start(seed: 1));
        var paidRun = await paid.Visitor.Finished(overtaking[0]);
        var priorityRun = await priority.Visitor.Finished(overtaking[1]);
        var lastFree = await free.Visitor.Finished(backlog[^1]);

        Assert.Equal(("paid", "priority", "free"), (Text(paidRun, "queue"), Text(priorityRun, "queue"), Text(lastFree, "queue")));
        Assert.True(Time(paidRun, "started_at") < Time(lastFree, "started_at"), "The paid run waited for the free ones.");
        Assert.True(Time(priorityRun, "started_at") < Time(lastFree, "started_at"), "The priority run waited for the free ones.");
    }

    private async Task<Runner> Prepared(Visitor op, string dataset, object grant)
    {
        var visitor = await fixture.SignedIn("fair");
        var template = (await visitor.Get("/api/strategies?limit=100")).GetProperty("items")[0];
        var fork = await visitor.Fork(Text(template, "sid"));
        await visitor.Finished(Text(fork, "run_id"));
        await op.PostFor($"/api/admin/accounts/{visitor.AccountId}/grants", grant, HttpStatusCode.OK, Guid.NewGuid().ToString());
        return new Runner(visitor, fork, dataset);
    }

    private static string Candles(int bars)
    {
        var csv = new StringBuilder("time,open,high,low,close,volume\n");
        for (var i = 0; i < bars; i++)
        {
            var time = DateTimeOffset.UnixEpoch.AddYears(40).AddMinutes(i);
            csv.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},1.1,2,1,1.{1 + (i / 7 % 9)},1\n");
        }
        return csv.ToString();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();

    private sealed record Runner(Visitor Visitor, JsonElement Strategy, string Dataset) : IDisposable
    {
        public async Task<string> Start(int seed)
        {
            var inputs = new { sid = Text(Strategy, "sid"), seed, code_hash = Text(Strategy, "code_hash"), dataset_hash = Dataset };
            return Text(await Visitor.PostFor("/api/run", inputs, HttpStatusCode.Accepted, $"run-{seed}"), "run_id");
        }

        public void Dispose() => Visitor.Dispose();
    }
}
