using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Datasets;

/// <summary>The use cases of datasets on a real document store.</summary>
internal sealed class DatasetArea : IAsyncDisposable
{
    private readonly TemporaryDocumentStore store = new();

    public DatasetArea()
    {
        Upload = new UploadDatasetHandler(store, new DatasetWriter(store, Blobs), Plans, TimeProvider.System);
        List = new ListDatasetsHandler(store);
    }

    public Plans Plans { get; } = TestPlans.Product;

    public IDocumentStore Documents => store;

    public InMemoryBlobStore Blobs { get; } = new();

    public UploadDatasetHandler Upload { get; }

    public ListDatasetsHandler List { get; }

    public Task<string> Account(PlanName plan = PlanName.Free) => store.NewAccount(plan, DateTimeOffset.UnixEpoch);

    /// <summary>Hourly candles from 2026-01-05 on, in the normalized form.</summary>
    public static string Candles(int count)
    {
        var csv = new StringBuilder("time,open,high,low,close,volume\n");
        for (var hour = 0; hour < count; hour++)
        {
            var time = new DateTime(2026, 1, 5).AddHours(hour);
            csv.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},1.1,1.2,1.05,1.1,{hour + 1}\n");
        }
        return csv.ToString();
    }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public Task<Result<UploadedDataset>> Send(
        string accountId, string csv, string name = "Mine", string? pair = "EURUSD", string? timeframe = null) =>
        Send(accountId, new MemoryStream(Encoding.UTF8.GetBytes(csv)), name, pair, timeframe);

    public Task<Result<UploadedDataset>> Send(
        string accountId,
        Stream content,
        string name = "Mine",
        string? pair = "EURUSD",
        string? timeframe = null,
        long? contentLength = null) =>
        Upload.Handle(new UploadDataset(accountId, name, pair, timeframe, contentLength, content), default);

    /// <summary>All pages of an account's list; of an anonymous caller's for null.</summary>
    public async Task<IReadOnlyList<Dataset>> Listed(string? accountId, int limit = 100)
    {
        var all = new List<Dataset>();
        string? continuation = null;
        do
        {
            var page = (await List.Handle(new ListDatasets(accountId, limit, continuation), default)).Value();
            Assert.InRange(page.Items.Count, 0, limit);
            all.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return all;
    }

    /// <summary>Makes <paramref name="count"/> datasets built-in ones.</summary>
    public async Task BuildIn(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var hash = i.ToString("x64", null);
            var time = DateTimeOffset.UnixEpoch;
            var dataset = new Dataset(hash, $"Built in {i}", "EURUSD", "H1", Synthetic: true, Rows: 1, SizeBytes: 1, time, time, time);
            await store.Commit(new DocumentBatch(Containers.Listings, Dataset.BuiltInList).Upsert($"PAIR{i:D2}:H1", dataset), default);
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
