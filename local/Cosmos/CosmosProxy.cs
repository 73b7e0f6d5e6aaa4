using System.Net;
using Hexabase.Local.Processes;

namespace Hexabase.Local.Cosmos;

/// <summary>
/// A Cosmos DB account on loopback that the SDK works with as with the service: what the emulator behind it lacks (signatures, query plans,
/// queries kept inside their partition, transactional batches, the limit of sizes) is done here.
/// </summary>
public sealed class CosmosProxy : IAsyncDisposable
{
    private readonly WebApplication web;

    private CosmosProxy(WebApplication web) => this.web = web;

    /// <param name="endpoint">Where the account is: an address of this machine.</param>
    /// <param name="key">The account's key, Base64.</param>
    /// <param name="emulator">Where the emulator is.</param>
    public static async Task<CosmosProxy> Start(Uri endpoint, string key, Uri emulator, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, endpoint.Port);
            kestrel.Limits.MaxRequestBodySize = CosmosRequests.LargestBody;
        });
        builder.Services
            .AddHttpForwarder()
            .AddSingleton(_ => ChildHttp.New())
            .AddSingleton(new MasterKey(key))
            .AddSingleton(s => new Emulator(s.GetRequiredService<HttpMessageInvoker>(), emulator))
            .AddSingleton<Batches>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<CosmosRequests>(s, endpoint));
        var account = builder.Build();
        account.Run(account.Services.GetRequiredService<CosmosRequests>().Serve);
        await account.StartAsync(ct);
        return new CosmosProxy(account);
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
