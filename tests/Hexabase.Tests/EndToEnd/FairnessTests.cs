using System.Text.Json;

namespace Hexabase.Tests.EndToEnd;

/// <summary>
/// Lanes: free never holds more than its slots, and is never starved. What is looked at is order, never how long something took. That no
/// two free runs compute at the same time cannot be read from their times: finished_at is after the result was stored, and a slot
/// computes its next run meanwhile. That one slot serves them shows in that they start in the order they were accepted.
/// </summary>
[Collection(QuietCollection.Name)]
public sealed class FairnessTests(PlatformFixture fixture)
{
    private const int Flood = 40;

    [Fact]
    public async Task While_free_runs_queue_up_a_paid_and_a_priority_run_overtake_them()
    {
        const int Overtaken = 10;
        using var op = await fixture.Operator();
        var heavy = await HeavyCandles.Upload(op);
        using var free = await Free(op);
        using var paid = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "pro" });
        using var priority = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "elite" });

        var backlog = await Start(free, heavy, Flood);
        var (paidId, priorityId) = (await paid.Run(1, heavy), await priority.Run(1, heavy));
        var freeRuns = await Finished(free, backlog);
        var paidRun = await paid.Visitor.Finished(paidId);
        var priorityRun = await priority.Visitor.Finished(priorityId);

        Assert.Equal(("paid", "priority"), (Lane(paidRun), Lane(priorityRun)));
        Assert.All(freeRuns, run => Assert.Equal("free", Lane(run)));
        foreach (var overtaking in new[] { paidRun, priorityRun })
        {
            var behind = freeRuns.Count(run => Time(run, "started_at") > Time(overtaking, "started_at"));
            Assert.True(behind >= Overtaken, $"The {Lane(overtaking)} run, accepted after {Flood} free ones, started before {behind} of them only.");
        }
        Assert.Equal(freeRuns.Select(run => Time(run, "started_at")).Order(), freeRuns.Select(run => Time(run, "started_at")));
    }

    [Fact]
    public async Task When_all_lanes_are_flooded_free_runs_finish_while_others_still_wait()
    {
        using var op = await fixture.Operator();
        var heavy = await HeavyCandles.Upload(op);
        using var free = await Free(op);
        var others = await Task.WhenAll(new[] { "pro", "pro", "elite", "elite" }.Select(plan =>
            Owner.New(fixture.Platform, op, new { reason = "test", plan, runs_per_minute = 100_000 })));

        var otherIds = await Task.WhenAll(others.Select(owner => Start(owner, heavy, Flood / 2)));
        var freeRuns = await Finished(free, await Start(free, heavy, Flood / 4));
        var otherRuns = new List<JsonElement>();
        foreach (var (owner, ids) in others.Zip(otherIds))
        {
            otherRuns.AddRange(await Finished(owner, ids));
            owner.Dispose();
        }

        var lastStart = otherRuns.Max(run => Time(run, "started_at"));
        Assert.Contains(freeRuns, run => Time(run, "finished_at") < lastStart);
    }

    private Task<Owner> Free(Visitor op) => Owner.New(fixture.Platform, op, new { reason = "test", daily_runs = 1_000, runs_per_minute = 100_000 });

    /// <summary>One after the other, so that the order of acceptance is known.</summary>
    private static async Task<IReadOnlyList<string>> Start(Owner owner, string dataset, int count)
    {
        var ids = new List<string>();
        for (var number = 1; number <= count; number++)
            ids.Add(await owner.Run(number, dataset));
        return ids;
    }

    private static async Task<IReadOnlyList<JsonElement>> Finished(Owner owner, IReadOnlyList<string> ids)
    {
        var runs = new List<JsonElement>();
        foreach (var id in ids)
            runs.Add(await owner.Visitor.Finished(id));
        return runs;
    }

    private static string Lane(JsonElement run) => run.GetProperty("queue").GetString()!;

    private static DateTimeOffset Time(JsonElement run, string name) => run.GetProperty(name).GetDateTimeOffset();
}
