using System.Diagnostics.Metrics;
using System.Net;
using Hexabase.Adapters.Cosmos;
using Hexabase.Adapters.Documents;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;
using Microsoft.Azure.Cosmos;
using Container = Hexabase.Domain.Documents.Container;

namespace Hexabase.Tests.Stores;

/// <summary>What the store does when Cosmos, or the way to it, fails. Only requests about documents meet the failures.</summary>
[Collection(CosmosDatabase.Collection)]
public sealed class CosmosFaultTests : IAsyncLifetime, IDisposable
{
    private static readonly Container Box = Containers.Accounts;

    private readonly CosmosDatabaseFixture account;
    private readonly ManualTimeProvider clock = new();
    private readonly CapturedLog log = new();
    private readonly FaultyWay way = new();
    private readonly CosmosClient client;
    private readonly CosmosDocumentStore store;

    public CosmosFaultTests(CosmosDatabaseFixture account)
    {
        this.account = account;
        client = CosmosConnection.Connect(account.Options, () => new HttpClient(way, disposeHandler: false));
        store = new CosmosDocumentStore(client.GetDatabase(account.Options.Database), clock, log);
    }

    private sealed record Note(string Text);

    public async Task InitializeAsync()
    {
        await account.NewStore(clock);
        await store.Commit(Batch().Create("n", new Note("x")), default);
        way.Sent = 0;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        client.Dispose();
        way.Dispose();
    }

    [Theory]
    [InlineData(429)] // too many requests
    [InlineData(449)] // another write was at the same item
    public async Task What_Cosmos_says_it_has_not_done_is_sent_again(int status)
    {
        way.Answer = (send, _) => way.Sent <= 2 ? Refusal(status, subStatus: 0) : send();

        Assert.True((await store.Commit(Batch().Create("m", new Note("y")), default)).Succeeded);

        Assert.Equal(3, way.Sent);
    }

    [Fact]
    public async Task What_Cosmos_stays_too_busy_for_is_unavailable()
    {
        way.Answer = (_, _) => Busy();

        await Assert.ThrowsAsync<DependencyUnavailableException>(Read);

        Assert.Equal(10, way.Sent);
    }

    [Fact]
    public async Task A_failure_that_the_SDK_cannot_describe_is_unavailable_all_the_same()
    {
        way.Answer = (_, _) => Refusal(499, subStatus: 0);

        await Assert.ThrowsAsync<DependencyUnavailableException>(Read);

        Assert.Contains("499", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_unavailable_and_never_sent_again()
    {
        way.Answer = async (send, _) =>
        {
            using var lost = await send();
            throw new HttpRequestException("The connection was reset.");
        };
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Commit(Batch().Create("m", new Note("y")), default));
        Assert.Equal(1, way.Sent);

        way.Answer = null;
        Assert.NotNull(await store.Read<Note>(Box, "p", "m", default));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(410)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_commit_that_Cosmos_could_not_answer_is_unavailable_and_never_sent_again(int status)
    {
        way.Answer = (_, _) => Refusal(status, subStatus: 0);

        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Commit(Batch().Create("m", new Note("y")), default));

        Assert.Equal(1, way.Sent);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_unavailable()
    {
        way.Answer = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException("Nothing stopped it.");
        };
        var read = Read();
        await way.Reached;

        clock.Advance(CosmosCalls.Patience);

        await Assert.ThrowsAsync<DependencyUnavailableException>(() => read);
    }

    [Fact]
    public async Task A_cancelled_read_is_cancelled_wherever_it_is()
    {
        using var cancel = new CancellationTokenSource();
        way.Answer = async (_, stop) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException("Nothing stopped it.");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.Read<Note>(Box, "p", "n", cancel.Token));
    }

    [Fact]
    public async Task A_commit_that_was_sent_is_waited_for_whoever_cancels_it()
    {
        using var cancel = new CancellationTokenSource();
        way.Answer = async (send, stop) =>
        {
            await cancel.CancelAsync();
            stop.ThrowIfCancellationRequested();
            return await send();
        };

        Assert.True((await store.Commit(Batch().Create("m", new Note("y")), cancel.Token)).Succeeded);
    }

    [Theory]
    [InlineData(401, 0, "key")]
    [InlineData(403, 5301, "Cosmos DB Built-in Data Contributor")]
    [InlineData(404, 1003, "no container 'accounts'")]
    public async Task What_is_missing_is_named(int status, int subStatus, string named)
    {
        way.Answer = (_, _) => Refusal(status, subStatus);

        var read = await Assert.ThrowsAsync<DependencyUnavailableException>(Read);
        var commit = await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Commit(Batch().Upsert("n", new Note("y")), default));

        Assert.Contains(named, read.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, commit.Message);
    }

    [Fact]
    public async Task A_request_that_Cosmos_finds_too_large_is_a_document_too_large()
    {
        way.Answer = (_, _) => Refusal(413, subStatus: 0);

        await Assert.ThrowsAsync<DocumentTooLargeException>(() => store.Commit(Batch().Upsert("n", new Note("x")), default));
    }

    [Fact]
    public async Task A_continuation_that_Cosmos_refuses_is_invalid()
    {
        string[] query = [Box.Name, Containers.OutboxDue.Property, "9"];
        way.Answer = (_, _) => Refusal(400, subStatus: 0);

        await Assert.ThrowsAsync<InvalidContinuationException>(async () =>
            await store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10, Continuation.After(["of the SDK"], query)), default));
    }

    [Fact]
    public async Task A_failed_call_is_logged_without_the_ids_of_what_it_was_about()
    {
        way.Answer = (_, _) => Refusal(503, subStatus: 0);

        await Assert.ThrowsAsync<DependencyUnavailableException>(async () => await store.Read<Note>(Box, "p", "session:4711", default));

        Assert.Contains("Cosmos read on accounts: ServiceUnavailable/", log.Text, StringComparison.Ordinal);
        Assert.Contains("docs/…", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_store_expects_is_not_logged()
    {
        await store.Commit(Batch().Create("n", new Note("taken")), default);
        await store.Read<Note>(Box, "p", "nothing", default);

        Assert.Empty(log.Text);
    }

    [Fact]
    public async Task Every_answer_counts_its_request_units_by_container_and_operation()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "hexabase.cosmos.request_charge")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, units, tags, _) => seen.Add($"{tags[0].Value} {tags[1].Value} {(units > 0 ? "costs" : "is free")}"));
        listener.Start();

        await Read();
        await store.Query<Note>(new PartitionQuery(Box, "p", "", 10), default);
        await store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10), default);
        await store.Commit(Batch().Upsert("n", new Note("y")), default);

        Assert.Equal(
            ["accounts commit costs", "accounts index_query costs", "accounts query costs", "accounts read costs"], seen.Order(StringComparer.Ordinal));
    }

    private static DocumentBatch Batch() => new(Box, "p");

    private Task<Document<Note>?> Read() => store.Read<Note>(Box, "p", "n", default).AsTask();

    private static Task<HttpResponseMessage> Busy() => Refusal(429, subStatus: 3200);

    private static Task<HttpResponseMessage> Refusal(int status, int subStatus)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("""{"code":"Refused","message":"by the test"}""") };
        response.Headers.Add("x-ms-substatus", subStatus.ToString(System.Globalization.CultureInfo.InvariantCulture));
        response.Headers.Add("x-ms-retry-after-ms", "1");
        response.Headers.Add("x-ms-request-charge", "1");
        return Task.FromResult(response);
    }

    private sealed class FaultyWay() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Given how to send the request after all.</summary>
        public Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>>? Answer { get; set; }

        public int Sent { get; set; }

        /// <summary>When a request about documents comes.</summary>
        public Task Reached => reached.Task;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.RequestUri!.AbsolutePath.Contains("/docs", StringComparison.Ordinal))
                return base.SendAsync(request, cancellationToken);
            Sent++;
            if (Answer is null)
                return base.SendAsync(request, cancellationToken);
            reached.TrySetResult();
            return Answer(() => base.SendAsync(request, cancellationToken), cancellationToken);
        }
    }
}
