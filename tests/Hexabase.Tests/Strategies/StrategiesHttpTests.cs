using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Datasets;

namespace Hexabase.Tests.Strategies;

/// <summary>The HTTP side of strategies and datasets: statuses, headers and bodies as clients see them.</summary>
public sealed class StrategiesHttpTests(SeededStores seeded) : IClassFixture<SeededStores>, IAsyncLifetime, IAsyncDisposable
{
    private const string Template = "s_template_sma_cross";
    private StrategiesSite? started;

    private StrategiesSite Site => started!;

    public async Task InitializeAsync() => started = await StrategiesSite.Start(seeded);

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
            await started.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Publishing_answers_201_with_the_address_then_200()
    {
        var account = await Site.Account();
        var code = await TemplateCode();
        var first = await Publish(account, new { code, visibility = "public" });
        Assert.Equal(201, first.Status);
        var sid = first.Text("sid")!;
        Assert.Equal($"/api/strategies/{sid}", first.Location);
        Assert.Equal(["sid", "version", "code_hash", "dataset_hash", "visibility"], first.Json.EnumerateObject().Select(p => p.Name));
        var again = await Publish(account, new { sid, code, visibility = "public" });
        Assert.Equal((200, 1), (again.Status, again.Json.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Private_on_plan_free_answers_402()
    {
        var reply = await Publish(await Site.Account(), new { code = await TemplateCode(), visibility = "private" });
        Assert.Equal((402, "PRIVATE_NEEDS_PAID_PLAN", null), reply.Problem);
    }

    [Fact]
    public async Task Errors_in_the_code_answer_422_with_path_column_and_message_of_each()
    {
        var code = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await TemplateCode())!;
        code["entry"] = JsonSerializer.SerializeToElement(new { @long = "close > nothing_known" });
        var reply = await Publish(await Site.Account(), new { code, visibility = "public" });
        Assert.Equal((422, "STRATEGY_INVALID", "code"), reply.Problem);
        var error = reply.Json.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("path").GetString() == "entry.long");
        Assert.Equal(9, error.GetProperty("column").GetInt32());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Code_beyond_the_size_limit_answers_413()
    {
        var code = new { description = new string('x', 200_000) };
        var reply = await Publish(await Site.Account(), new { code, visibility = "public" });
        Assert.Equal(413, reply.Status);
    }

    [Theory]
    [InlineData("""{"visibility":"public"}""", "code")]
    [InlineData("""{"code":{},"visibility":"open"}""", "visibility")]
    [InlineData("""{"code":{}}""", "visibility")]
    [InlineData("""{"code":{},"visibility":"public","sid":"x"}""", "sid")]
    [InlineData("""{"code":{},"visibility":7}""", "visibility")]
    public async Task Bad_publish_bodies_answer_400_with_the_field(string body, string field)
    {
        var reply = await Publish(await Site.Account(), new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json));
        Assert.Equal((400, field), (reply.Status, reply.Problem.Field));
    }

    [Theory]
    [InlineData("/api/strategies/publish")]
    [InlineData("/api/strategies/fork")]
    [InlineData("/api/datasets")]
    public async Task Writing_needs_a_signed_in_caller(string path) => Assert.Equal(401, (await Site.Post(path, null, new { })).Status);

    [Fact]
    public async Task Forking_answers_201_with_the_run_that_started()
    {
        var account = await Site.Account();
        var fork = await Site.Post("/api/strategies/fork", account, new { sid = Template });
        Assert.Equal(201, fork.Status);
        Assert.Equal(["sid", "run_id", "code_hash", "dataset_hash", "lineage"], fork.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            """{"parent":"s_template_sma_cross","root":"s_template_sma_cross","generation":1}""",
            fork.Json.GetProperty("lineage").GetRawText());
        var ask = Assert.Single(Site.Runs.Asked);
        Assert.Equal((account, fork.Text("sid"), $"fork:{fork.Text("sid")}", 0L), (ask.AccountId, ask.Sid, ask.IdempotencyKey, ask.Seed));
    }

    [Fact]
    public async Task A_fork_whose_run_is_refused_still_answers_201_and_says_why()
    {
        Site.Runs.Refusal = new Domain.Strategies.PrivateNeedsPaidPlan();
        var fork = await Site.Post("/api/strategies/fork", await Site.Account(), new { sid = Template });
        Assert.Equal(201, fork.Status);
        Assert.Null(fork.Text("run_id"));
        Assert.Equal("PRIVATE_NEEDS_PAID_PLAN", fork.Json.GetProperty("run_refused").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Repeating_a_fork_under_its_key_gives_the_same_answer()
    {
        var account = await Site.Account();
        var first = await Site.Post("/api/strategies/fork", account, new { sid = Template }, ("Idempotency-Key", "k-1"));
        var again = await Site.Post("/api/strategies/fork", account, new { sid = Template }, ("Idempotency-Key", "k-1"));
        Assert.Equal(first.Json.GetRawText(), again.Json.GetRawText());
    }

    [Fact]
    public async Task The_eleventh_fork_in_a_minute_from_one_address_answers_429_and_other_addresses_go_on()
    {
        var account = await Site.Account(PlanName.Pro);
        for (var i = 0; i < 10; i++)
            Assert.Equal(201, (await ForkFrom($"198.51.100.{i}, 203.0.113.7:{50_000 + i}")).Status);
        var refused = await ForkFrom("203.0.113.7");
        Assert.Equal((429, "FORK_RATE_LIMITED", null), refused.Problem);
        Assert.InRange(int.Parse(refused.RetryAfter!, null), 1, 60);
        Assert.Equal(201, (await ForkFrom("203.0.113.8")).Status);

        Task<StrategiesSite.Reply> ForkFrom(string forwardedFor) =>
            Site.Post("/api/strategies/fork", account, new { sid = Template }, ("X-Forwarded-For", forwardedFor));
    }

    [Fact]
    public async Task The_public_list_is_for_everyone_in_pages()
    {
        var first = await Site.Get("/api/strategies?limit=5");
        Assert.Equal((200, 5), (first.Status, first.Json.GetProperty("items").GetArrayLength()));
        var second = await Site.Get($"/api/strategies?limit=100&continuation={Uri.EscapeDataString(first.Text("continuation")!)}");
        Assert.Equal(7, second.Json.GetProperty("items").GetArrayLength());
        Assert.Null(second.Text("continuation"));
    }

    [Theory]
    [InlineData("/api/strategies?limit=0", "limit")]
    [InlineData("/api/strategies?limit=101", "limit")]
    [InlineData("/api/strategies?continuation=nonsense", "continuation")]
    [InlineData("/api/datasets?limit=101", "limit")]
    [InlineData("/api/datasets?continuation=nonsense", "continuation")]
    public async Task Bad_paging_answers_400_with_the_field(string path, string field)
    {
        var reply = await Site.Get(path);
        Assert.Equal((400, field), (reply.Status, reply.Problem.Field));
    }

    [Fact]
    public async Task Own_strategies_need_a_signed_in_caller()
    {
        Assert.Equal((401, "UNAUTHENTICATED", null), (await Site.Get("/api/strategies?mine=true")).Problem);
        var account = await Site.Account();
        var fork = await Site.Post("/api/strategies/fork", account, new { sid = Template });
        var mine = await Site.Get("/api/strategies?mine=true", account);
        Assert.Equal(fork.Text("sid"), Assert.Single(mine.Json.GetProperty("items").EnumerateArray()).GetProperty("sid").GetString());
    }

    [Fact]
    public async Task A_strategy_that_did_not_change_answers_304()
    {
        var first = await Site.Get($"/api/strategies/{Template}");
        Assert.Equal(200, first.Status);
        Assert.True(first.Json.GetProperty("built_in").GetBoolean());
        Assert.False(first.Json.TryGetProperty("owner_id", out _));
        Assert.Equal(304, (await Site.Get($"/api/strategies/{Template}", null, ("If-None-Match", first.ETag!))).Status);
        Assert.Equal(200, (await Site.Get($"/api/strategies/{Template}", null, ("If-None-Match", "\"other\""))).Status);
    }

    [Fact]
    public async Task A_fork_is_its_owners_alone()
    {
        var account = await Site.Account();
        var sid = (await Site.Post("/api/strategies/fork", account, new { sid = Template })).Text("sid");
        Assert.Equal(200, (await Site.Get($"/api/strategies/{sid}", account)).Status);
        Assert.Equal((404, "STRATEGY_NOT_FOUND", null), (await Site.Get($"/api/strategies/{sid}")).Problem);
        Assert.Equal(404, (await Site.Get($"/api/strategies/{sid}", await Site.Account())).Status);
    }

    [Fact]
    public async Task Candles_are_uploaded_plain_or_gzipped()
    {
        var account = await Site.Account();
        var plain = await Site.Post("/api/datasets?name=Mine&pair=EURUSD", account, Csv(Encoding.UTF8.GetBytes(DatasetArea.Candles(48))));
        Assert.Equal((201, 48, "H1"), (plain.Status, plain.Json.GetProperty("rows").GetInt32(), plain.Text("timeframe")));
        var packed = Csv(DatasetArea.Gzip(DatasetArea.Candles(48)));
        packed.Headers.ContentEncoding.Add("gzip");
        var again = await Site.Post("/api/datasets?name=Mine&pair=EURUSD", account, packed);
        Assert.Equal((200, plain.Text("dataset_hash")), (again.Status, again.Text("dataset_hash")));
        var listed = (await Site.Get("/api/datasets?limit=100", account)).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(19, listed.Count);
        Assert.Equal(plain.Text("dataset_hash"), listed[^1].GetProperty("dataset_hash").GetString());
    }

    [Fact]
    public async Task Uploads_beyond_the_servers_usual_limit_are_the_plans_business()
    {
        var rows = string.Concat(Enumerable.Repeat("2026-01-05T00:00:00Z,1.1,1.2,1.0,1.1,1\n", (31 << 20) / 39));
        var body = Encoding.UTF8.GetBytes("time,open,high,low,close,volume\n" + rows);
        var reply = await Site.Post("/api/datasets?name=Big", await Site.Account(PlanName.Pro), Csv(body));
        Assert.Equal("DATASET_INVALID", reply.Text("code"));
    }

    [Fact]
    public async Task Rows_that_break_rules_answer_422_with_their_lines()
    {
        var csv = DatasetArea.Candles(24) + "2026-01-05T00:00:00Z,1.1,1.2,1.0,1.1,1\n";
        var reply = await Site.Post("/api/datasets?name=Mine", await Site.Account(), Csv(Encoding.UTF8.GetBytes(csv)));
        Assert.Equal((422, "DATASET_INVALID", null), reply.Problem);
        Assert.Equal(1, reply.Json.GetProperty("total").GetInt32());
        Assert.Equal(26, Assert.Single(reply.Json.GetProperty("rows").EnumerateArray()).GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task An_upload_announced_too_large_answers_413_at_once()
    {
        var body = Csv(new byte[(16 << 20) + 1]);
        Assert.Equal((413, "DATASET_TOO_LARGE", null), (await Site.Post("/api/datasets?name=Mine", await Site.Account(), body)).Problem);
    }

    [Fact]
    public async Task An_upload_without_a_name_answers_400() =>
        Assert.Equal((400, "INVALID_INPUT", "name"), (await Site.Post("/api/datasets", await Site.Account(), Csv([]))).Problem);

    private Task<StrategiesSite.Reply> Publish(string account, object body) => Site.Post("/api/strategies/publish", account, body);

    private async Task<JsonElement> TemplateCode() => (await Site.Get($"/api/strategies/{Template}")).Json.GetProperty("code");

    private static ByteArrayContent Csv(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
}
