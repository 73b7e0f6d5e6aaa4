using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

/// <summary>Stores with the catalog in them, made once: each test takes a copy of the documents; the blobs are shared, for nobody changes another one.</summary>
public sealed class SeededStores : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public InMemoryBlobStore Blobs { get; } = new();

    private string File => folder.File("documents.db");

    public async Task InitializeAsync()
    {
        await using var documents = SqliteDocumentStore.Open(File, Containers.All, TimeProvider.System);
        using var inputs = new RunInputs(documents, Blobs);
        var catalog = new SeedCatalog(
            documents, new StrategyWriter(documents, Blobs), new DatasetWriter(documents, Blobs), new BuiltInReports(documents, Blobs, inputs, TestSigner.Instance));
        await catalog.Write(default);
    }

    public TemporaryDocumentStore CopyDocuments() => new(copyOf: File);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();
}
