using System.Net;
using System.Text.Json;
using Hexabase.Adapters.Cosmos;
using Hexabase.Tests.EndToEnd.Workspaces;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The same tour, and what else writes most, with documents in Cosmos DB: <c>--store cosmos</c>.</summary>
public sealed class CosmosTourTests(CosmosPlatformFixture fixture) : Tour(fixture), IClassFixture<CosmosPlatformFixture>
{
    private const int Granted = 100;

    private readonly CosmosPlatformFixture fixture = fixture;

    [Fact]
    public async Task A_fork_that_is_published_is_listed_and_read_by_anyone()
    {
        using var owner = await NewOwner();
        var code = (await owner.Visitor.Get($"/api/strategies/{Text(owner.Strategy, "sid")}")).GetProperty("code");
        var published = await owner.Visitor.PostFor(
            "/api/strategies/publish", new { sid = Text(owner.Strategy, "sid"), code, visibility = "public" }, HttpStatusCode.OK);

        using var anyone = fixture.NewVisitor();
        await Eventually.Holds(
            async () => (await anyone.Get("/api/strategies?limit=100")).GetProperty("items").EnumerateArray().Select(s => Text(s, "sid")).ToList(),
            listed => listed.Contains(Text(published, "sid"), StringComparer.Ordinal));
        Assert.Equal(Text(owner.Strategy, "run_id"), Text(await anyone.Get($"/api/report/{Text(published, "sid")}"), "run_id"));
    }

    [Fact]
    public async Task A_sweep_goes_from_the_request_to_its_result()
    {
        using var owner = await NewOwner();
        var search = new { parameters = new { fast = new { from = 5, to = 15, step = 5 }, slow = new { values = new[] { 20, 40 } } } };
        var ask = new { sid = Text(owner.Strategy, "sid"), code_hash = Text(owner.Strategy, "code_hash"), dataset_hash = owner.DatasetHash, search };

        var accepted = await owner.Visitor.PostFor("/api/sweep", ask, HttpStatusCode.Accepted, "sweep");
        var sweep = await Eventually.Holds(
            () => owner.Visitor.Get($"/api/sweep/{Text(accepted, "sweep_id")}?wait=20"),
            seen => Text(seen, "status") is "succeeded" or "failed",
            within: TimeSpan.FromMinutes(2));

        Assert.Equal("succeeded", Text(sweep, "status"));
        Assert.Equal("hexabase.sweep/v1", Text(await owner.Visitor.Get($"/api/sweep/{Text(accepted, "sweep_id")}/result"), "schema"));
    }

    [Fact]
    public async Task A_workspace_is_upgraded()
    {
        using var tenant = await Tenant.New(fixture.Platform);
        await new SimulatedCluster(fixture.Platform).Deploy(tenant.Namespace, "web", 2);

        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");

        Assert.Equal(("pro", true), await tenant.Plan());
        Assert.Equal(Balance.OnePro, await new SimulatedStripe(fixture.Platform).Balance(tenant.AccountId));
    }

    [Fact]
    public async Task Of_fifty_runs_that_are_started_at_once_each_is_there_once_and_the_books_agree()
    {
        using var owner = await NewOwner();
        var left = await owner.ComputeLeft();

        // Each is asked for twice, as by a client that was too impatient.
        var asked = Enumerable.Range(0, 50).SelectMany(number => new[] { number, number });
        var answers = await Task.WhenAll(asked.Select(async number => (number, Run: await fixture.Platform.Persist(() => owner.Run(number, owner.DatasetHash)))));
        var runs = answers.Select(answer => answer.Run).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(50, runs.Count);
        Assert.All(answers.GroupBy(answer => answer.number), same => Assert.Single(same.Select(answer => answer.Run).Distinct(StringComparer.Ordinal)));
        foreach (var run in runs)
            await owner.Visitor.Finished(run);
        Assert.Equal(left - 50, await owner.ComputeLeft());
        await BooksAgree(owner, runs);
    }

    [Fact]
    public async Task Runs_under_SIGKILL_of_the_app_are_finished_and_charged_once()
    {
        using var owner = await NewOwner();
        var runs = new List<string>();
        for (var number = 0; number < 20; number++)
        {
            if (number % 7 == 3)
                await fixture.Platform.KillApp();
            runs.Add(await fixture.Platform.Persist(() => owner.Run(number, owner.DatasetHash)));
        }
        await fixture.Platform.KillApp();

        foreach (var run in runs)
            Assert.Equal("succeeded", Text(await fixture.Platform.Persist(() => owner.Visitor.Finished(run)), "status"));
        await BooksAgree(owner, runs);
    }

    private async Task<Owner> NewOwner()
    {
        using var op = await fixture.Operator();
        return await Owner.New(fixture.Platform, op, new { reason = "test", plan = "pro", daily_runs = Granted, runs_per_minute = 100_000 });
    }

    private async Task BooksAgree(Owner owner, IReadOnlyList<string> runs)
    {
        var (endpoint, key) = fixture.Platform.Cosmos;
        using var account = CosmosConnection.Connect(new CosmosOptions(endpoint, "hexabase", key, ClientId: null, CreateContainers: false));
        var documents = new CosmosDocumentStore(account.GetDatabase("hexabase"), TimeProvider.System, NullLogger<CosmosDocumentStore>.Instance);
        await Books.Agree(documents, owner, runs, Granted);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}

/// <summary>One running platform with documents in Cosmos DB.</summary>
public sealed class CosmosPlatformFixture : PlatformFixture
{
    public override async Task InitializeAsync() => Platform = await PlatformProcess.StartOnCosmos(QuickChanges.Settings);
}
