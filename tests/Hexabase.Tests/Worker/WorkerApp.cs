using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Worker;

/// <summary>A worker on a real port of its own, with the functions of some test classes, called as the host calls it.</summary>
internal sealed class WorkerApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private WorkerApp(WebApplication app)
    {
        this.app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Http = new HttpClient { BaseAddress = new Uri(addresses.Single()) };
    }

    public HttpClient Http { get; }

    public Received Received => app.Services.GetRequiredService<Received>();

    public LogLines Log => app.Services.GetRequiredService<LogLines>();

    public static Task<WorkerApp> Start(params Type[] functions) => Start(_ => { }, _ => { }, functions);

    public static async Task<WorkerApp> Start(Action<WebApplicationBuilder> configure, Action<WebApplication> use, params Type[] functions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "0";
        builder.AddFunctionsWorker(FunctionCatalog.Of(functions));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<LogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LogLines>());
        builder.Services.AddSingleton<Received>();
        configure(builder);
        var built = builder.Build();
        use(built);
        built.MapFunctions();
        await built.StartAsync();
        return new WorkerApp(built);
    }

    /// <summary>Posts an envelope as the host does: chunked, without Content-Length.</summary>
    public async Task<HttpResponseMessage> Invoke(string function, string envelope, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{function}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(envelope)) { Headers = { ContentType = new("application/json", "utf-8") } },
            Headers = { TransferEncodingChunked = true },
        };
        request.Headers.Add("X-Azure-Functions-InvocationId", "11111111-2222-3333-4444-555555555555");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Azure-Functions-Host", "4.1036.1.1"));
        return await Http.SendAsync(request, ct);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>What test functions were given.</summary>
internal sealed class Received
{
    private readonly ConcurrentQueue<object> inputs = new();

    public void Add(object input) => inputs.Enqueue(input);

    public IReadOnlyList<T> All<T>() => [.. inputs.Cast<T>()];

    public T Single<T>() => Assert.IsAssignableFrom<T>(Assert.Single(inputs));
}

/// <summary>What was logged, with the scopes it was logged in.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<Line> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<Line> Errors => [.. lines.Where(l => l.Level >= LogLevel.Error)];

    public IReadOnlyList<Line> All => [.. lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    internal sealed record Line(LogLevel Level, string Category, string Message, Exception? Exception, IReadOnlyDictionary<string, object?> Scope);

    private sealed class Logger(LogLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>(StringComparer.Ordinal);
            owner.scopes.ForEachScope(static (s, all) =>
            {
                if (s is IEnumerable<KeyValuePair<string, object?>> values)
                    foreach (var (key, value) in values)
                        all[key] = value;
            }, scope);
            owner.lines.Enqueue(new Line(logLevel, category, formatter(state, exception), exception, scope));
        }
    }
}
