using Hexabase.Local;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Local;

/// <summary>A platform in this process that runs the handler app, on a free port and its own data folder.</summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    private readonly LocalPlatform platform;
    private readonly TemporaryFolder? ownData;

    private TestPlatform(
        LocalPlatform platform, HandlerApp app, TemporaryFolder? ownData, string data, LockedWriter output, LockedWriter error)
    {
        (this.platform, App, this.ownData, Output, Error) = (platform, app, ownData, output, error);
        Queue = new QueueClient(platform.Address, data);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{platform.Address.Port}") };
    }

    public HandlerApp App { get; }

    public HttpClient Http { get; }

    /// <summary>The queue of the handler app.</summary>
    public QueueClient Queue { get; }

    public LockedWriter Output { get; }

    public LockedWriter Error { get; }

    public IFunctionApp Functions => platform.Services.GetRequiredService<IFunctionApp>();

    public FunctionAppProcess Process => platform.Services.GetRequiredService<FunctionAppProcess>();

    public IServiceProvider Services => platform.Services;

    public LocalPlatform Platform => platform;

    public static Task<TestPlatform> Start(params IEnumerable<(string Name, string Value)> settings) => Start(new HandlerApp(settings));

    /// <param name="app">Disposed with the platform.</param>
    /// <param name="data">Kept; null for a folder that goes with the platform.</param>
    /// <param name="clock">Null for the system's.</param>
    /// <param name="companions">Also Azurite and the OAuth mock.</param>
    public static async Task<TestPlatform> Start(
        HandlerApp app, string? data = null, TimeProvider? clock = null, bool companions = false, DocumentsIn store = DocumentsIn.Sqlite)
    {
        var temporary = data is null ? new TemporaryFolder() : null;
        var (output, error) = (new LockedWriter(), new LockedWriter());
        var options = new LocalOptions
        {
            Port = 0,
            AppFolder = app.Folder,
            NpmFolder = Repository.NpmPackage,
            DataFolder = data ?? temporary!.Path,
            Companions = companions,
            Store = store,
        };
        var running = await LocalPlatform.Start(options, new PlatformConsole(output, error), clock ?? TimeProvider.System, CancellationToken.None);
        return new TestPlatform(running, app, temporary, options.DataFolder, output, error);
    }

    /// <summary>The process id of the app, once it runs.</summary>
    public async Task<int> AppProcessId()
    {
        await Process.WhenReady(CancellationToken.None);
        return Process.ProcessId!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await platform.DisposeAsync();
        ownData?.Dispose();
        App.Dispose();
    }
}

/// <summary>Keeps what is written, from any thread.</summary>
internal sealed class LockedWriter : StringWriter
{
    private readonly Lock gate = new();

    public override void WriteLine(string? value)
    {
        lock (gate)
            base.WriteLine(value);
    }

    public override string ToString()
    {
        lock (gate)
            return base.ToString();
    }
}
