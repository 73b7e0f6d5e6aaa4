using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Domain;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Proofs;

/// <summary>Runs and their proofs, as the endpoints have them.</summary>
internal static class ProvedRuns
{
    /// <summary>An account's own dataset, or a built-in one.</summary>
    public static async Task<RunsArea> WithDataset(bool builtIn = false)
    {
        var area = await RunsArea.New();
        var time = area.Clock.GetUtcNow();
        var dataset = new Dataset(area.DatasetHash, "Test", "EURUSD", "H1", builtIn, Rows: 200, SizeBytes: 1, time, time, time);
        await area.Documents.Commit(new DocumentBatch(Containers.Datasets, area.DatasetHash).Upsert(Dataset.DocumentId, dataset), default);
        if (!builtIn)
        {
            await area.Documents.Commit(
                new DocumentBatch(Containers.Accounts, area.AccountId).Upsert(Dataset.OwnIdPrefix + area.DatasetHash, dataset), default);
        }
        return area;
    }

    public static async Task<RunId> Finished(RunsArea area, string key = "key", long seed = 1)
    {
        var id = await area.Accepted(key, seed);
        await area.Deliver(id);
        return id;
    }

    public static async Task<RunProof> ProofOf(RunsArea area, RunId id, string account) =>
        (await new GetProofHandler(area.GetResult, area.Inputs, area.Documents).Handle(
            new GetProof(id.ToString(), account, KnownETag: null), default)).Value();

    /// <summary>The proof with a change to its result.</summary>
    public static byte[] Changed(RunProof proof, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(proof.Json.Span)!;
        change(json["result"]!);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    /// <summary>A sender that never sends anything.</summary>
    internal sealed class Endless : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
