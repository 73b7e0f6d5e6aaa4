#pragma warning disable
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Support;

public sealed class TmpDocs : IDocumentStore, IAsyncDisposable
{
    private readonly SortedDictionary<string, (string Json, string ETag)> all = new(StringComparer.Ordinal);
    private int n;
    private static string K(string c, string p, string id) => $"{c}\u0001{p}\u0001{id}";
    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class
    {
        lock (all)
            return ValueTask.FromResult(all.TryGetValue(K(container.Name, partition, id), out var d) ? new Document<T>(partition, id, d.ETag, JsonSerializer.Deserialize<T>(d.Json, DomainJson.Options)!) : null);
    }

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class
    {
        lock (all)
        {
            var prefix = K(query.Container.Name, query.Partition, "");
            var hits = all.Where(d => d.Key.StartsWith(prefix + query.IdPrefix, StringComparison.Ordinal));
            if (query.Descending) hits = hits.Reverse();
            if (query.Continuation is { } c && c[0] != '~') throw new InvalidContinuationException("no");
            var skip = query.Continuation is null ? 0 : int.Parse(query.Continuation[1..], null);
            var list = hits.Skip(skip).Take(query.Limit + 1).Select(d => new Document<T>(query.Partition, d.Key[prefix.Length..], d.Value.ETag, JsonSerializer.Deserialize<T>(d.Value.Json, DomainJson.Options)!)).ToList();
            return ValueTask.FromResult(new Page<T>(list.Take(query.Limit).ToList(), list.Count > query.Limit ? $"~{skip + query.Limit}" : null));
        }
    }

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class => throw new NotSupportedException();

    public async Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        await Task.Yield();
        lock (all)
        {
            for (var i = 0; i < batch.Operations.Count; i++)
            {
                var op = batch.Operations[i];
                var has = all.TryGetValue(K(batch.Container.Name, batch.Partition, op.Id), out var d);
                var match = op switch { DocumentOperation.Replace r => r.IfMatch, DocumentOperation.Delete x => x.IfMatch, _ => null };
                if (op is DocumentOperation.Create && has) return CommitResult.Refused(i, CommitRefusal.AlreadyExists);
                if (match is not null && !has) return CommitResult.Refused(i, CommitRefusal.NotFound);
                if (match is not null && match != d.ETag) return CommitResult.Refused(i, CommitRefusal.ETagMismatch);
            }
            foreach (var op in batch.Operations)
            {
                var k = K(batch.Container.Name, batch.Partition, op.Id);
                var v = op switch { DocumentOperation.Create c => c.Value, DocumentOperation.Replace r => r.Value, DocumentOperation.Upsert u => u.Value, _ => null };
                if (v is null) all.Remove(k);
                else all[k] = (JsonSerializer.Serialize(v, v.GetType(), DomainJson.Options), $"{++n}");
            }
            return CommitResult.Success;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class TmpBlobs : IBlobStore
{
    public readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> All = new();
    public Task<bool> Create(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct) => Task.FromResult(All.TryAdd(path, content.ToArray()));
    public async Task<bool> Create(string path, Stream content, string contentType, CancellationToken ct)
    {
        var m = new MemoryStream(); await content.CopyToAsync(m, ct); return All.TryAdd(path, m.ToArray());
    }
    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct) { All[path] = content.ToArray(); return Task.CompletedTask; }
    public Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct) => Task.FromResult(All.TryGetValue(path, out var b) ? (ReadOnlyMemory<byte>?)b : null);
    public Task<bool> Exists(string path, CancellationToken ct) => Task.FromResult(All.ContainsKey(path));
}
