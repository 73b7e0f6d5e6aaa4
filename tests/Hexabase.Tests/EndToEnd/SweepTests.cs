using System.Net;
using System.Text.Json;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Sweeps by HTTP on the real platform. What is looked at is order, never how long something took.</summary>
public sealed class SweepTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private static readonly object Small = new
    {
        parameters = new { fast = new { from = 5, to = 15, step = 5 }, slow = new { values = new[] { 20, 40, 60, 80 } } },
    };

    /// <summary>Takes many seconds on heavy candles.</summary>
    private static readonly object Large = new { parameters = new { fast = new { from = 2, to = 41 }, slow = new { from = 100, to = 199 } } };

    private const int LargeRuns = 40;

    /// <summary>As much of it as the plan free allows.</summary>
    private static readonly object LargeForFree = new
    {
        parameters = new { fast = new { from = 2, to = 16 }, slow = new { from = 100, to = 129 } },
    };

    [Fact]
    public async Task A_sweep_goes_from_the_request_to_the_heat_map()
    {
        using var op = await fixture.Operator();
        using var owner = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "starter" });
        var left = await owner.ComputeLeft();

        using var reply = await owner.Visitor.Post("/api/sweep", Ask(owner, Small), "sweep");
        var accepted = JsonElement.Parse(await reply.Content.ReadAsStringAsync());
        var id = Text(accepted, "sweep_id");
        Assert.Equal((HttpStatusCode.Accepted, $"/api/sweep/{id}"), (reply.StatusCode, reply.Headers.Location?.OriginalString));
        Assert.Equal((12, 1), (accepted.GetProperty("evaluations").GetInt32(), Runs(accepted, "charge")));

        var sweep = await Finished(owner, id);
        Assert.Equal(("succeeded", "paid", 100), (Text(sweep, "status"), Text(sweep, "queue"), sweep.GetProperty("percent").GetInt32()));
        Assert.Equal(2, sweep.GetProperty("best").GetProperty("parameters").EnumerateObject().Count());
        var result = await owner.Visitor.Get($"/api/sweep/{id}/result");
        Assert.Equal("hexabase.sweep/v1", Text(result, "schema"));
        Assert.NotEmpty(result.GetProperty("heat_maps").EnumerateArray());
        Assert.Equal(id, Text((await owner.Visitor.Get("/api/sweeps")).GetProperty("items")[0], "sweep_id"));
        Assert.Equal(id, Text(await owner.Visitor.PostFor("/api/sweep", Ask(owner, Small), HttpStatusCode.Accepted, "sweep"), "sweep_id"));
        Assert.Equal(left - 1, await owner.ComputeLeft());
    }

    [Fact]
    public async Task A_sweep_is_its_owners_alone_and_a_search_that_is_wrong_is_refused_with_its_place()
    {
        using var op = await fixture.Operator();
        using var owner = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "starter" });
        using var other = await fixture.SignedIn("other");
        using var anyone = fixture.NewVisitor();
        var id = await Start(owner, Small, owner.DatasetHash);
        foreach (var path in new[] { $"/api/sweep/{id}", $"/api/sweep/{id}/result" })
        {
            using var stranger = await other.GetReply(path);
            using var nobody = await anyone.GetReply(path);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (stranger.StatusCode, nobody.StatusCode));
        }
        await other.PostFor($"/api/sweep/{id}/cancel", new { }, HttpStatusCode.NotFound);

        var wrong = Ask(owner, new { parameters = new { fast = new { from = 1 } } });
        var refused = await owner.Visitor.PostFor("/api/sweep", wrong, HttpStatusCode.UnprocessableEntity, "wrong");
        Assert.Equal(("SEARCH_INVALID", "search.parameters.fast.from"), (Text(refused, "code"), Text(refused, "field")));
        var unpaid = await other.PostFor("/api/sweep", Ask(await Forked(other), Large), HttpStatusCode.PaymentRequired, "unpaid");
        Assert.Equal(("NO_CREDIT", LargeRuns), (Text(unpaid, "code"), unpaid.GetProperty("runs_needed").GetInt32()));
    }

    [Fact]
    public async Task A_running_sweep_shows_its_progress_and_is_cancelled_with_the_rest_given_back()
    {
        using var op = await fixture.Operator();
        var heavy = await HeavyCandles.Upload(op);
        using var owner = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "pro" });
        var left = await owner.ComputeLeft();
        var id = await Start(owner, Large, heavy);
        Assert.Equal(left - LargeRuns, await owner.ComputeLeft());

        await Progressing(fixture.Platform, owner, id);
        using var asked = await owner.Visitor.Post($"/api/sweep/{id}/cancel", new { });
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var sweep = await Finished(owner, id);
        var back = Runs(sweep, "given_back");

        Assert.Equal("cancelled", Text(sweep, "status"));
        Assert.InRange(back, 1, LargeRuns);
        Assert.Equal(LargeRuns - (sweep.GetProperty("evaluated").GetInt32() / 100), back);
        Assert.Equal(left - LargeRuns + back, await owner.ComputeLeft());
        await owner.Visitor.PostFor($"/api/sweep/{id}/cancel", new { }, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_free_sweep_holds_the_free_slot_and_delays_no_paid_run()
    {
        using var op = await fixture.Operator();
        var heavy = await HeavyCandles.Upload(op);
        using var free = await Owner.New(fixture.Platform, op, new { reason = "test", daily_runs = 1_000 });
        using var paid = await Owner.New(fixture.Platform, op, new { reason = "test", plan = "pro" });

        var id = await Start(free, LargeForFree, heavy);
        await Progressing(fixture.Platform, free, id);
        var behind = await free.Run(1, heavy);
        var paidRun = await paid.Visitor.Finished(await paid.Run(1, heavy));
        var sweep = await Finished(free, id);
        var freeRun = await free.Visitor.Finished(behind);

        Assert.Equal(("free", "succeeded"), (Text(sweep, "queue"), Text(sweep, "status")));
        Assert.True(Time(paidRun, "finished_at") < Time(sweep, "finished_at"), "The paid run waited for the free sweep.");
        Assert.True(Time(freeRun, "started_at") >= Time(sweep, "finished_at"), "The free run had a slot beside the sweep's.");
    }

    [Fact]
    public async Task A_sweep_under_SIGKILL_of_the_app_is_executed_again_and_charged_once()
    {
        await using var platform = await PlatformProcess.Start();
        using var op = await Visitor.Operator(platform);
        var heavy = await HeavyCandles.Upload(op);
        using var owner = await Owner.New(platform, op, new { reason = "test", plan = "pro" });
        var left = await owner.ComputeLeft();
        var id = await Start(owner, Large, heavy);
        await Progressing(platform, owner, id);
        await platform.KillApp();

        var sweep = await platform.Persist(() => Finished(owner, id));
        Assert.Equal("succeeded", Text(sweep, "status"));
        Assert.Equal(left - LargeRuns, await owner.ComputeLeft());
        await platform.Stop();
        await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
        var stored = await documents.Query<SweepJob>(new PartitionQuery(Containers.Accounts, owner.AccountId, SweepJob.IdPrefix, 10), default);
        Assert.True(Assert.Single(stored.Items).Value.Attempt > 1, "The kill came too late to hit it.");
        var ledger = await documents.Query<LedgerEntry>(new PartitionQuery(Containers.Accounts, owner.AccountId, "ledger:", 100), default);
        Assert.Equal(-LargeRuns, ledger.Items.Where(entry => entry.Value.SweepId == id).Sum(entry => entry.Value.Amount));
    }

    private static async Task<Owner> Forked(Visitor visitor)
    {
        var templates = (await visitor.Get("/api/strategies?limit=100")).GetProperty("items").EnumerateArray();
        return new Owner(visitor, await visitor.Fork(Text(templates.First(t => Text(t, "name") == "SMA cross"), "sid")));
    }

    private static async Task<string> Start(Owner owner, object search, string dataset) => Text(
        await owner.Visitor.PostFor("/api/sweep", Ask(owner, search, dataset), HttpStatusCode.Accepted, Guid.NewGuid().ToString()), "sweep_id");

    private static object Ask(Owner owner, object search, string? dataset = null) => new
    {
        sid = Text(owner.Strategy, "sid"),
        code_hash = Text(owner.Strategy, "code_hash"),
        dataset_hash = dataset ?? owner.DatasetHash,
        search,
    };

    /// <summary>Waits until it is seen to compute.</summary>
    private static Task<JsonElement> Progressing(PlatformProcess platform, Owner owner, string id) => Eventually.Holds(
        () => platform.Persist(() => owner.Visitor.Get($"/api/sweep/{id}")),
        sweep => Text(sweep, "status") == "running" && sweep.GetProperty("evaluated").GetInt32() > 0,
        within: TimeSpan.FromMinutes(2));

    private static Task<JsonElement> Finished(Owner owner, string id) => Eventually.Holds(
        () => owner.Visitor.Get($"/api/sweep/{id}?wait=20"),
        sweep => Text(sweep, "status") is "succeeded" or "failed" or "cancelled",
        within: TimeSpan.FromMinutes(4));

    private static int Runs(JsonElement sweep, string name) => sweep.GetProperty(name).GetProperty("runs").GetInt32();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();
}
