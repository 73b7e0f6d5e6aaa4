using System.Globalization;
using System.Text;
using Hexabase.Domain.Blobs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>Every rule of <see cref="IBlobStore"/>, to be run against every store there is.</summary>
public abstract class BlobStoreContract
{
    protected const string Json = "application/json";
    protected static readonly CancellationToken None = CancellationToken.None;

    private IBlobStore? store;

    protected IBlobStore Store => store ??= NewStore();

    /// <summary>A container no other test uses.</summary>
    protected string Box { get; } = $"t{Guid.NewGuid():n}";

    protected abstract IBlobStore NewStore();

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected Task Create(string path, string text) => Store.Create(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), Json, None);

    protected async Task<string?> Text(string path) => await Store.Read(path, None) is { } content ? Encoding.UTF8.GetString(content.Span) : null;

    [ContractFact]
    public async Task A_blob_is_read_as_it_was_written()
    {
        byte[] content = [0, 1, 255, .. "こんにちは"u8, 0];

        await Store.Put($"{Box}/a/b.bin", content, "application/octet-stream", None);

        Assert.Equal(content, (await Store.Read($"{Box}/a/b.bin", None))!.Value.ToArray());
        Assert.True(await Store.Exists($"{Box}/a/b.bin", None));
    }

    [ContractFact]
    public async Task A_blob_is_read_as_a_stream_too()
    {
        await Store.Put($"{Box}/n", Bytes("some text"), Json, None);
        await using var stream = await Store.OpenRead($"{Box}/n", None);
        using var reader = new StreamReader(stream!);
        Assert.Equal("some text", await reader.ReadToEndAsync());
        Assert.Null(await Store.OpenRead($"{Box}/other", None));
        Assert.Null(await Store.OpenRead($"{Box}x/n", None));
    }

    [ContractFact]
    public async Task What_was_never_written_is_not_there_with_or_without_its_container()
    {
        Assert.Null(await Store.Read($"{Box}/n", None));
        Assert.False(await Store.Exists($"{Box}/n", None));
        await Store.Put($"{Box}/other", Bytes("x"), Json, None);

        Assert.Null(await Store.Read($"{Box}/n", None));
        Assert.False(await Store.Exists($"{Box}/n", None));
    }

    [ContractFact]
    public async Task A_create_never_overwrites()
    {
        await Create($"{Box}/n", "first");
        await Create($"{Box}/n", "second");

        Assert.Equal("first", await Text($"{Box}/n"));
    }

    [ContractFact]
    public async Task A_put_overwrites()
    {
        await Store.Put($"{Box}/n", Bytes("the first and longer one"), Json, None);
        await Store.Put($"{Box}/n", Bytes("second"), Json, None);

        Assert.Equal("second", await Text($"{Box}/n"));
    }

    [ContractFact]
    public async Task An_empty_blob_is_a_blob()
    {
        await Store.Put($"{Box}/n", ReadOnlyMemory<byte>.Empty, Json, None);

        Assert.Equal("", await Text($"{Box}/n"));
    }

    [ContractFact]
    public async Task Of_many_concurrent_creates_one_is_kept_and_none_fails()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Create($"{Box}/n", $"{i}")));

        var kept = await Text($"{Box}/n");
        Assert.InRange(int.Parse(kept!, CultureInfo.InvariantCulture), 0, 15);
        await Create($"{Box}/n", "later");
        Assert.Equal(kept, await Text($"{Box}/n"));
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(9 * 1024 * 1024)]
    public async Task A_stream_that_can_be_read_only_once_is_written_whole(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);

        await Store.Create($"{Box}/streamed", new OnceOnly(content), "text/csv", None);
        await Store.Create($"{Box}/streamed", new OnceOnly([1]), "text/csv", None);

        Assert.Equal(content, (await Store.Read($"{Box}/streamed", None))!.Value.ToArray());
    }

    [ContractFact]
    public async Task Names_may_hold_spaces_percent_signs_and_any_letter()
    {
        string[] names = ["a b", "a%20b", "a+b", "a?b#c", "日本/é", "A", "a"];
        foreach (var name in names)
            await Store.Put($"{Box}/{name}", Bytes(name), Json, None);

        foreach (var name in names)
            Assert.Equal(name, await Text($"{Box}/{name}"));
    }

    [ContractTheory]
    [InlineData("")]
    [InlineData("container")]
    [InlineData("container/")]
    [InlineData("/name")]
    [InlineData("container//name")]
    [InlineData("container/../other/name")]
    [InlineData("container/./name")]
    public async Task A_path_names_a_container_and_a_blob_in_it(string path)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Create(path, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Read(path, None));
    }

    [ContractFact]
    public async Task A_cancelled_call_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Create($"{Box}/n", new MemoryStream([1]), Json, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Put($"{Box}/n", Bytes("x"), Json, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Read($"{Box}/n", cancelled));

        Assert.False(await Store.Exists($"{Box}/n", None));
    }

    /// <summary>As the body of a request is.</summary>
    private sealed class OnceOnly(byte[] content) : MemoryStream(content, writable: false)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}

/// <summary>The stand-in that tests use is held to the same rules.</summary>
public sealed class InMemoryBlobStoreTests : BlobStoreContract
{
    protected override IBlobStore NewStore() => new InMemoryBlobStore();
}
