using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hexabase.Local.Durable;
using Hexabase.Local.Functions;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Durable;

/// <summary>The durable engine over real HTTP and a real file.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    public const string Code = "c2VjcmV0LWR1cmFibGUta2V5";

    private readonly WebApplication server;
    private readonly SqliteDatabase file;
    private readonly TemporaryFolder folder;
    private bool stopped;

    private EngineHost(WebApplication server, SqliteDatabase file, TemporaryFolder folder)
    {
        (this.server, this.file, this.folder) = (server, file, folder);
        Http = new HttpClient { BaseAddress = new Uri($"{server.Urls.Single()}/runtime/webhooks/durabletask/") };
    }

    public HttpClient Http { get; }

    public DurableEngine Engine => server.Services.GetRequiredService<DurableEngine>();

    public IFunctionApp App => server.Services.GetRequiredService<IFunctionApp>();

    public InstanceQueries Instances => server.Services.GetRequiredService<InstanceQueries>();

    public static Task<EngineHost> Start(IFunctionApp app, TimeProvider? clock = null, DurableSettings? settings = null) =>
        Start(app, new TemporaryFolder(), clock, settings);

    /// <summary>
    /// Another host on what the file holds at this moment, as if this one had been killed: nothing is closed or flushed for it.
    /// </summary>
    public Task<EngineHost> StartAfterCrash(IFunctionApp app, TimeProvider? clock = null, DurableSettings? settings = null)
    {
        var copy = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(path, copy.File(Path.GetFileName(path)));
        return Start(app, copy, clock, settings);
    }

    /// <summary>Another host on the same file, after this one was stopped as a person stops it.</summary>
    public async Task<EngineHost> StartAgain(IFunctionApp app, TimeProvider? clock = null, DurableSettings? settings = null)
    {
        await Stop();
        return await Start(app, folder, clock, settings);
    }

    public Task Start(string instanceId, string name, string? input = null) => Engine.Start(instanceId, name, input, CancellationToken.None);

    public Task<HttpResponseMessage> Post(string path, string? json = null, string query = "") => Http.PostAsync(
        new Uri($"{path}?code={Code}{query}", UriKind.Relative), json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> Get(string path, string query = "") => Http.GetAsync(new Uri($"{path}?code={Code}{query}", UriKind.Relative));

    public async Task<JsonElement> Status(string instanceId, string query = "")
    {
        var response = await Get($"instances/{instanceId}", query);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until an instance is finished.</summary>
    public Task<InstanceView> End(string instanceId) =>
        Eventually.Holds(() => Instances.Find(instanceId), i => i is { IsFinished: true }, $"{instanceId} finishes")!;

    /// <summary>How many messages wait for an instance, those of its running turn included.</summary>
    public long Waiting(string instanceId) => file.Read(s => s.Scalar(
        "select count(*) from durable_messages join durable_instances on number = instance where durable_instances.id = $1", 0L, instanceId));

    /// <summary>Counts rows of the file.</summary>
    public long Count(string table) => file.Read(s => s.Scalar($"select count(*) from {table}", 0L));

    public async ValueTask DisposeAsync()
    {
        await Stop();
        folder.Dispose();
    }

    private static async Task<EngineHost> Start(IFunctionApp app, TemporaryFolder folder, TimeProvider? clock, DurableSettings? settings)
    {
        var database = SqliteDatabase.Open(folder.File("local.db"), DurableSchema.Sql);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton(database)
            .AddSingleton(app)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddDurable(settings ?? new DurableSettings(Code));
        var web = builder.Build();
        web.MapDurable();
        await web.StartAsync();
        return new EngineHost(web, database, folder);
    }

    private async Task Stop()
    {
        if (stopped)
            return;
        stopped = true;
        Http.Dispose();
        await server.StopAsync();
        await server.DisposeAsync();
        await file.DisposeAsync();
    }
}
