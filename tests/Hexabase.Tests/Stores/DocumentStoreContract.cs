using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>Every rule of <see cref="IDocumentStore"/>, to be run against every store there is.</summary>
public abstract partial class DocumentStoreContract : IAsyncLifetime
{
    protected const string P = "a0001";
    protected static readonly Container Box = Containers.Accounts;
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ManualTimeProvider Clock { get; } = new();

    protected IDocumentStore Store { get; private set; } = null!;

    /// <summary>An empty store with the product's containers, on the given clock.</summary>
    protected abstract Task<IDocumentStore> NewStore(TimeProvider clock);

    public async Task InitializeAsync() => Store = await NewStore(Clock);

    public async Task DisposeAsync()
    {
        if (Store is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    protected sealed record Note(string Text, int Number = 0, string? OutboxDue = null);

    protected sealed record Numbers(long Most, long Least, IReadOnlyList<double> Doubles, IReadOnlyList<decimal> Decimals);

    protected static DocumentBatch Batch(string partition = P) => new(Box, partition);

    protected async Task Commit(DocumentBatch batch) => Assert.Equal(CommitResult.Success, await Store.Commit(batch, None));

    protected async Task<string?> Text(string id, string partition = P) => (await Store.Read<Note>(Box, partition, id, None))?.Value.Text;

    protected async Task<string> ETag(string id, string partition = P) => (await Store.Read<Note>(Box, partition, id, None))!.ETag;

    protected async Task<IEnumerable<string?>> Texts(params string[] ids)
    {
        var texts = new List<string?>();
        foreach (var id in ids)
            texts.Add(await Text(id));
        return texts;
    }
}
