using System.Globalization;
using System.Net;
using System.Text.Json;
using Hexabase.Tests.Backtesting;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The tour with documents in a file.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TourTests(PlatformFixture fixture) : Tour(fixture);

/// <summary>The main job by HTTP on the real platform: list, fork, sign up, run, report.</summary>
public abstract class Tour(PlatformFixture fixture)
{
    [Fact]
    public async Task A_visitor_forks_a_public_strategy_and_sees_a_first_result()
    {
        using var visitor = fixture.NewVisitor();
        var listed = (await visitor.Get("/api/strategies?limit=100")).GetProperty("items").EnumerateArray().ToList();
        Assert.True(listed.Count >= 12);

        await visitor.SignIn($"visitor-{Guid.NewGuid():N}@example.com");
        var fork = await visitor.PostFor("/api/strategies/fork", new { sid = Text(listed[0], "sid") }, HttpStatusCode.Created);
        var run = await visitor.Finished(Text(fork, "run_id"));

        Assert.Equal(("succeeded", "free"), (Text(run, "status"), Text(run, "queue")));
        var report = await visitor.Get($"/api/report/{Text(fork, "sid")}");
        Assert.Equal(Text(fork, "run_id"), Text(report, "run_id"));
        Assert.Equal(Text(fork, "code_hash"), Text(report.GetProperty("result"), "code_hash"));
        Assert.Equal(2, (await visitor.Get("/api/usage")).GetProperty("compute_left").GetInt32());
    }

    [Fact]
    public async Task The_fork_is_its_owners_alone_until_it_is_published()
    {
        using var owner = await fixture.SignedIn("owner");
        using var other = await fixture.SignedIn("other");
        var fork = await Fork(owner);
        await owner.Finished(Text(fork, "run_id"));

        foreach (var path in new[] { $"/api/run/{Text(fork, "run_id")}", $"/api/run/{Text(fork, "run_id")}/result", $"/api/report/{Text(fork, "sid")}", $"/api/strategies/{Text(fork, "sid")}" })
        {
            using var reply = await other.GetReply(path);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }
    }

    [Fact]
    public async Task The_same_inputs_give_the_same_bytes_again_without_computing_twice()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await Fork(owner);
        await owner.Finished(Text(fork, "run_id"));
        var second = await owner.PostFor("/api/run", Inputs(fork, seed: 0), HttpStatusCode.Accepted, "second");
        var other = await owner.PostFor("/api/run", Inputs(fork, seed: 1), HttpStatusCode.Accepted, "third");
        await owner.Finished(Text(second, "run_id"));
        await owner.Finished(Text(other, "run_id"));

        var results = new List<string>();
        foreach (var id in new[] { Text(fork, "run_id"), Text(second, "run_id"), Text(other, "run_id") })
        {
            using var reply = await owner.GetReply($"/api/run/{id}/result");
            results.Add(await reply.Content.ReadAsStringAsync());
        }
        Assert.Equal(results[0], results[1]);
        Assert.NotEqual(results[0], results[2]);
    }

    [Fact]
    public async Task A_repeated_key_gives_the_same_run_and_another_body_is_refused()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await Fork(owner);

        var first = await owner.PostFor("/api/run", Inputs(fork, seed: 5), HttpStatusCode.Accepted, "key");
        var again = await owner.PostFor("/api/run", Inputs(fork, seed: 5), HttpStatusCode.Accepted, "key");
        var other = await owner.PostFor("/api/run", Inputs(fork, seed: 6), HttpStatusCode.UnprocessableEntity, "key");

        Assert.Equal(Text(first, "run_id"), Text(again, "run_id"));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Text(other, "code"));
        Assert.Equal(1, (await owner.Get("/api/usage")).GetProperty("compute_left").GetInt32());
    }

    [Fact]
    public async Task Bad_requests_are_refused_with_a_stable_code_and_the_field()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await Fork(owner);
        var (sid, code, dataset) = (Text(fork, "sid"), Text(fork, "code_hash"), Text(fork, "dataset_hash"));
        var wrong = new string('0', 64);

        await Refused(new { sid, seed = 1, code_hash = code, dataset_hash = dataset }, key: null, HttpStatusCode.BadRequest, "INVALID_INPUT", "Idempotency-Key");
        await Refused(new { sid, seed = 1, code_hash = "short", dataset_hash = dataset }, "a", HttpStatusCode.BadRequest, "INVALID_INPUT", "code_hash");
        await Refused(new { sid, seed = "x", code_hash = code, dataset_hash = dataset }, "b", HttpStatusCode.BadRequest, "INVALID_INPUT", "seed");
        await Refused(new { sid, seed = 1, code_hash = wrong, dataset_hash = dataset }, "c", HttpStatusCode.Conflict, "HASH_MISMATCH", "code_hash");
        await Refused(new { sid, seed = 1, code_hash = code, dataset_hash = wrong }, "d", HttpStatusCode.Conflict, "HASH_MISMATCH", "dataset_hash");
        await Refused(new { sid = "s_none", seed = 1, code_hash = code, dataset_hash = dataset }, "e", HttpStatusCode.NotFound, "STRATEGY_NOT_FOUND", null);

        async Task Refused(object body, string? key, HttpStatusCode status, string problem, string? field)
        {
            using var reply = await owner.Post("/api/run", body, key);
            var json = JsonElement.Parse(await reply.Content.ReadAsStringAsync());
            Assert.Equal((status, "application/problem+json"), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
            Assert.Equal((problem, field), (Text(json, "code"), json.TryGetProperty("field", out var at) ? at.GetString() : null));
        }
    }

    [Fact]
    public async Task Without_runs_and_credits_the_answer_says_what_to_buy()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await Fork(owner);
        await owner.PostFor("/api/run", Inputs(fork, 1), HttpStatusCode.Accepted, "1");
        await owner.PostFor("/api/run", Inputs(fork, 2), HttpStatusCode.Accepted, "2");

        var refused = await owner.PostFor("/api/run", Inputs(fork, 3), HttpStatusCode.PaymentRequired, "3");

        Assert.Equal("NO_CREDIT", Text(refused, "code"));
        Assert.Contains("credit_pack_1000", Text(refused, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_grants_a_plan_and_credits_once_and_others_may_not()
    {
        using var owner = await fixture.SignedIn("owner");
        using var op = await fixture.Operator();
        var grants = $"/api/admin/accounts/{owner.AccountId}/grants";

        await owner.PostFor(grants, new { reason = "mine", credits = 5 }, HttpStatusCode.Forbidden, "g1");
        for (var i = 0; i < 2; i++)
            await op.PostFor(grants, new { reason = "a gift", plan = "pro", speed_pack = true, credits = 5 }, HttpStatusCode.OK, "g1");

        var usage = await owner.Get("/api/usage");
        Assert.Equal(("pro", "priority", 5, 300), (Text(usage, "plan"), Text(usage, "lane"), usage.GetProperty("credit_balance").GetInt32(), usage.GetProperty("compute_left").GetInt32()));
    }

    [ReferenceFact]
    public async Task An_SMA_cross_on_real_candles_reproduces_the_reference_trade_by_trade()
    {
        using var owner = await fixture.SignedIn("owner");
        var dataset = await owner.Upload(
            "/api/datasets?name=EURUSD%20H1&pair=EURUSD&timeframe=H1", await File.ReadAllTextAsync(Path.Combine(ReferenceData.Folder!, "data", "eurusd_h1.csv")));
        var code = new
        {
            schema = "hexabase.strategy/v1",
            name = "SMA cross 10/30",
            pair = "EURUSD",
            timeframe = "H1",
            dataset_hash = Text(dataset, "dataset_hash"),
            entry = new { @long = "cross_above(sma(close, 10), sma(close, 30))", @short = "cross_below(sma(close, 10), sma(close, 30))" },
            size = new { type = "units", value = 10_000 },
            end_of_data = "last_open",
        };
        var published = await owner.PostFor("/api/strategies/publish", new { code, visibility = "public" }, HttpStatusCode.Created);
        var run = await owner.PostFor("/api/run", Inputs(published, 0), HttpStatusCode.Accepted, "reference");
        await owner.Finished(Text(run, "run_id"));

        using var anyone = fixture.NewVisitor();
        var trades = (await anyone.Get($"/api/run/{Text(run, "run_id")}/result")).GetProperty("trades");
        var reference = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(ReferenceData.Folder!, "reference", "eurusd_h1.sma_cross.plain.json")));
        Assert.Equal(Fills(reference.GetProperty("trade_columns"), reference.GetProperty("trades")), Fills(trades.GetProperty("columns"), trades.GetProperty("rows")));
    }

    [Fact]
    public async Task A_correlation_id_comes_back_and_stays_with_the_run()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await Fork(owner);
        owner.CorrelationId = "tour-42";
        using var reply = await owner.Post("/api/run", Inputs(fork, 9), "k");
        var run = await owner.Finished(Text(JsonElement.Parse(await reply.Content.ReadAsStringAsync()), "run_id"));

        Assert.Equal("tour-42", Assert.Single(reply.Headers.GetValues("X-Correlation-ID")));
        Assert.Equal("tour-42", Text(run, "correlation_id"));
    }

    [Fact]
    public async Task The_OpenAPI_document_names_the_functions_that_callers_use()
    {
        using var anyone = fixture.NewVisitor();
        var paths = (await anyone.Get("/api/openapi.json")).GetProperty("paths").EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "/api/run", "/api/run/{run_id}", "/api/report/{sid}", "/api/sweep", "/api/sweep/{sweep_id}", "/api/sweep/{sweep_id}/result", "/api/sweep/{sweep_id}/cancel", "/api/sweeps", "/api/strategies/fork", "/api/strategies/publish", "/api/datasets", "/api/usage", "/api/me" },
            paths);
    }

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("https://evil.example", false)]
    public async Task Only_allow_listed_origins_may_call_from_a_page(string origin, bool allowed)
    {
        using var http = new HttpClient { BaseAddress = fixture.Platform.Address };
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/run");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,idempotency-key");

        using var reply = await http.SendAsync(preflight);

        Assert.Equal(allowed, reply.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
    }

    /// <summary>Bars, prices and profit of each trade, rounded to 1e-9 of the account's money.</summary>
    private static List<string> Fills(JsonElement columns, JsonElement rows)
    {
        var names = columns.EnumerateArray().Select(c => c.GetString()!).ToList();
        return [.. rows.EnumerateArray().Select(row => string.Join(' ', new[] { "entry_bar", "exit_bar", "entry_price", "exit_price", "pnl" }.Select(
            name => Math.Round(row[names.IndexOf(name)].GetDouble(), 8).ToString(CultureInfo.InvariantCulture))))];
    }

    private static async Task<JsonElement> Fork(Visitor owner)
    {
        var templates = (await owner.Get("/api/strategies?limit=100")).GetProperty("items").EnumerateArray();
        var template = templates.First(s => Text(s, "name") == "SMA cross");
        return await owner.Fork(Text(template, "sid"));
    }

    private static object Inputs(JsonElement strategy, long seed) => new
    {
        sid = Text(strategy, "sid"),
        seed,
        code_hash = Text(strategy, "code_hash"),
        dataset_hash = Text(strategy, "dataset_hash"),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
