using System.Net.Http.Json;
using System.Text.Json;
using Hexabase.Adapters.Stripe;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Local.Simulators.Stripe;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Payments;

/// <summary>The simulated Stripe over real HTTP and a real file, with the adapter on it.</summary>
public sealed class StripeHost : IAsyncDisposable
{
    public const string Key = "sk_test_0123456789";

    private readonly WebApplication server;
    private readonly SqliteDatabase file;
    private readonly TemporaryFolder folder;

    private StripeHost(WebApplication server, SqliteDatabase file, TemporaryFolder folder)
    {
        (this.server, this.file, this.folder) = (server, file, folder);
        Http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
        Http.DefaultRequestHeaders.Add("Stripe-Version", StripeClient.Version);
        Payments = NewPayments(Settings);
    }

    /// <summary>Of the simulator itself, with the key.</summary>
    public HttpClient Http { get; }

    public IPayments Payments { get; }

    /// <summary>Idempotency keys in the simulator's file.</summary>
    public long KeysKept => file.Read(session => session.Scalar("select count(*) from stripe_idempotency", 0L));

    public StripeSettings Settings => new(new Uri(Http.BaseAddress!, "simulators/stripe/"), Key);

    public static Task<StripeHost> Start(TimeProvider? clock = null) => Start(new TemporaryFolder(), clock ?? new NoWaiting());

    /// <summary>An adapter that does not wait between its tries, unless by a clock of its own.</summary>
    public static IPayments NewPayments(StripeSettings settings, ILogger? log = null, TimeProvider? clock = null) =>
        new StripePayments(new StripeClient(StripeClient.NewHttpClient(settings), clock ?? new NoWaiting(), () => 0.5, log ?? NullLogger.Instance));

    /// <summary>Another host on what the file holds at this moment, as if this one had been killed.</summary>
    public Task<StripeHost> StartAfterCrash()
    {
        var copy = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(path, copy.File(Path.GetFileName(path)));
        return Start(copy, new NoWaiting());
    }

    /// <summary>A call of the simulated API; parameters as <c>a=b&amp;c=d</c>.</summary>
    public async Task<(int Status, JsonElement Body, HttpResponseMessage Answer)> Call(
        HttpMethod method, string path, string parameters = "", string? idempotencyKey = null)
    {
        var isPost = method == HttpMethod.Post;
        using var request = new HttpRequestMessage(method, $"/simulators/stripe/v1/{path}{(isPost ? "" : $"?{parameters}")}");
        if (isPost)
            request.Content = new StringContent(parameters);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(), answer);
    }

    public Task<(int Status, JsonElement Body, HttpResponseMessage Answer)> Get(string path, string query = "") => Call(HttpMethod.Get, path, query);

    public Task<(int Status, JsonElement Body, HttpResponseMessage Answer)> Post(string path, string form, string? idempotencyKey = null) =>
        Call(HttpMethod.Post, path, form, idempotencyKey);

    public Task<HttpResponseMessage> Operate(string path, object body) => Http.PostAsJsonAsync($"/admin/simulators/stripe/{path}", body);

    public async Task InjectFault(string match, string kind, int times = 1, int delayMs = 0)
    {
        using var answer = await Operate("faults", new { match, kind, times, delay_ms = delayMs });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task Authenticate(string clientSecret, bool succeeds = true)
    {
        using var answer = await Operate("authenticate", new { client_secret = clientSecret, outcome = succeeds ? "succeed" : "fail" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task Advance(TimeSpan by)
    {
        using var answer = await Operate("clock", new { advance_seconds = (long)by.TotalSeconds });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What a customer was charged, all told.</summary>
    public async Task<Totals> TotalsOf(string customerId)
    {
        var shown = await Http.GetFromJsonAsync<JsonElement>($"/admin/simulators/stripe/customers/{customerId}");
        var totals = shown.GetProperty("totals");
        return new Totals(
            totals.GetProperty("charges").GetInt32(),
            totals.GetProperty("charged_jpy").GetInt64(),
            totals.GetProperty("refunded_jpy").GetInt64(),
            totals.GetProperty("subscriptions").GetInt32());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        await file.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<StripeHost> Start(TemporaryFolder folder, TimeProvider clock)
    {
        var database = SqliteDatabase.Open(folder.File("local.db"), StripeSchema.Sql);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(database).AddSingleton(clock).AddStripeSimulator(Key);
        var web = builder.Build();
        web.MapStripeSimulator();
        await web.StartAsync();
        return new StripeHost(web, database, folder);
    }

    /// <param name="Charges">That succeeded.</param>
    /// <param name="Subscriptions">That have not ended.</param>
    public sealed record Totals(int Charges, long ChargedJpy, long RefundedJpy, int Subscriptions);
}
