using Hexabase.Adapters.Cosmos;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace Hexabase.Tests.Stores;

[Collection(CosmosDatabase.Collection)]
public sealed class CosmosStartTests(CosmosDatabaseFixture account)
{
    private readonly CapturedLog log = new();

    [Fact]
    public async Task An_account_that_keeps_the_promises_is_no_news()
    {
        await Start(account.Client, account.Options.Database);

        Assert.Empty(log.Text);
    }

    [Fact]
    public async Task An_account_with_a_weaker_consistency_is_an_error_in_the_log()
    {
        using var weaker = new WeakerAccount();
        using var client = CosmosConnection.Connect(account.Options, () => new HttpClient(weaker, disposeHandler: false));

        await Start(client, account.Options.Database);

        Assert.Contains("is Session and has to be Strong", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_an_error_in_the_log_of_an_app_that_has_started()
    {
        await Start(account.Client, "nowhere");

        Assert.Contains("no container 'accounts' in the database", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_created_when_the_settings_say_so_and_what_is_there_is_left_alone()
    {
        var name = $"{account.Options.Database}-new";
        await Start(account.Client, name, createContainers: true);
        var store = new CosmosDocumentStore(account.Client.GetDatabase(name), TimeProvider.System, log);
        await store.Commit(new DocumentBatch(Containers.Listings, "p").Create("n", new Note("x")), default);

        await Start(account.Client, name, createContainers: true);

        Assert.NotNull(await store.Read<Note>(Containers.Listings, "p", "n", default));
        await account.Client.GetDatabase(name).DeleteAsync();
    }

    private async Task Start(CosmosClient client, string name, bool createContainers = false)
    {
        var database = client.GetDatabase(name);
        using var start = new CosmosStart(database, new CosmosDocumentStore(database, TimeProvider.System, new CapturedLog()), createContainers, log);
        await start.StartAsync(default);
        await start.ExecuteTask!;
    }

    private sealed record Note(string Text);

    private sealed class WeakerAccount() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath == "/")
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(text.Replace("Strong", "Session", StringComparison.Ordinal));
            }
            return response;
        }
    }
}
