using System.Text;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Domain.Messaging;
using Hexabase.Local.Functions;
using Hexabase.Local.ServiceBus;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The local Service Bus over real HTTP and a real file.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    public const string KeyName = "local";
    public const string Key = "c2VjcmV0LXNlbmRlci1rZXktMDEyMzQ1Njc4OWFiY2Q=";

    public static readonly ServiceBusSettings Settings = new(KeyName, Key);

    private readonly WebApplication server;
    private readonly SqliteDatabase file;
    private readonly TemporaryFolder folder;

    private BusHost(WebApplication server, SqliteDatabase file, TemporaryFolder folder)
    {
        (this.server, this.file, this.folder) = (server, file, folder);
        Address = new Uri(server.Urls.Single() + "/");
        Http = new HttpClient { BaseAddress = Address };
        Sender = new ServiceBusSender(
            ServiceBusConnection.Parse($"Endpoint={Address};SharedAccessKeyName={KeyName};SharedAccessKey={Key}"), TimeProvider.System);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IMessageSender Sender { get; }

    public static Task<BusHost> Start(IFunctionApp app, ServiceBusSettings? settings = null, TimeProvider? clock = null) =>
        Start(app, new TemporaryFolder(), settings, clock);

    private static async Task<BusHost> Start(IFunctionApp app, TemporaryFolder folder, ServiceBusSettings? settings, TimeProvider? clock)
    {
        var database = SqliteDatabase.Open(folder.File("local.db"), ServiceBusSchema.Sql);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton(database)
            .AddSingleton(app)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddServiceBus(settings ?? Settings);
        var web = builder.Build();
        web.MapServiceBus();
        await web.StartAsync();
        return new BusHost(web, database, folder);
    }

    /// <summary>
    /// Another host on what the file holds at this moment, as if this one had been killed: nothing is closed or flushed for it.
    /// </summary>
    public Task<BusHost> StartAfterCrash(IFunctionApp app, ServiceBusSettings? settings = null, TimeProvider? clock = null)
    {
        var copy = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(path, copy.File(Path.GetFileName(path)));
        return Start(app, copy, settings, clock);
    }

    public Task Send(string queue, params OutgoingMessage[] messages) => Sender.Send(queue, messages, CancellationToken.None);

    /// <summary>A single message in the form of the HTTP API.</summary>
    public Task<HttpResponseMessage> Post(
        string queue, string body, string? brokerProperties = null, string contentType = "application/json", string? token = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"{queue}/messages?timeout=60&api-version=2014-01"));
        request.Headers.TryAddWithoutValidation("Authorization", token ?? Token(queue));
        if (brokerProperties is not null)
            request.Headers.TryAddWithoutValidation("BrokerProperties", brokerProperties);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Http.SendAsync(request);
    }

    public string Token(string queue) =>
        SasTokens.Create(new Uri(Address, queue).ToString(), KeyName, Key, DateTimeOffset.UtcNow.AddMinutes(5));

    public static OutgoingMessage Message(string id, string? session = "s", string body = """{"a":1}""", DateTimeOffset? due = null) =>
        new(id, session, Encoding.UTF8.GetBytes(body), $"c-{id}", "test", due);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        await file.DisposeAsync();
        folder.Dispose();
    }
}
