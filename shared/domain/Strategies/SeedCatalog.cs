using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies.Templates;

namespace Hexabase.Domain.Strategies;

/// <summary>Which built-in catalog is stored completely. Document <see cref="DocumentId"/> in the listing <see cref="List"/>.</summary>
/// <param name="Version">Differs whenever anything built in does.</param>
public sealed record CatalogMarker(string Version)
{
    public const string List = "catalog";
    public const string DocumentId = "built-in";
}

/// <summary>
/// Stores what comes with the product: synthetic candles, and templates that run on them as public strategies, with their reports. Each part may
/// be written again; the marker comes last, so that a crash before it means writing again and one read finds everything done.
/// </summary>
public sealed class SeedCatalog(
    IDocumentStore documents, StrategyWriter strategies, DatasetWriter datasets, BuiltInReports reports)
{
    /// <summary>To be raised with every change of <see cref="SyntheticCandles"/>; templates are noticed by themselves.</summary>
    private const int CandlesVersion = 1;

    /// <summary>When the built-in things came to be: before anything of an account, so that lists begin with the accounts'.</summary>
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>False when this version was stored already.</summary>
    public async Task<bool> Write(CancellationToken ct)
    {
        var templates = StrategyTemplates.Read();
        var marker = new CatalogMarker(VersionOf(templates));
        var stored = await documents.Read<CatalogMarker>(Containers.Listings, CatalogMarker.List, CatalogMarker.DocumentId, ct);
        if (stored?.Value == marker)
            return false;
        var hashes = await WriteDatasets(ct);
        foreach (var template in templates)
            await WriteTemplate(template, hashes, ct);
        await documents.Commit(
            new DocumentBatch(Containers.Listings, CatalogMarker.List).Upsert(CatalogMarker.DocumentId, marker), ct);
        return true;
    }

    /// <summary>The sid of a template, the same on every installation.</summary>
    public static string SidOf(StrategyTemplate template) => "s_template_" + template.Slug.Replace('-', '_');

    private static string VersionOf(IReadOnlyList<StrategyTemplate> templates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([CandlesVersion]);
        hash.AppendData(Encoding.UTF8.GetBytes(EngineVersion.Current));
        foreach (var template in templates)
            hash.AppendData(CanonicalJson.GetBytes(template.Code));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hash of each dataset by its id in the list of built-in ones.</summary>
    private async Task<Dictionary<string, string>> WriteDatasets(CancellationToken ct)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var candles in SyntheticCandles.All())
        {
            using var csv = new MemoryStream(candles.Csv);
            var import = await CandleImport.Run(csv, Stream.Null, candles.Csv.Length, candles.Pair, ct);
            if (import is not CandleImportResult.Imported { Summary: var summary })
                throw new InvalidOperationException($"{candles.Name} breaks the rules for candles.");
            var dataset = new Dataset(
                summary.DatasetHash, candles.Name, candles.Pair, candles.Timeframe, Synthetic: true, summary.Rows, summary.SizeBytes,
                summary.From, summary.To, Beginning);
            csv.Position = 0;
            await datasets.Write(dataset, csv, ct);
            var id = Dataset.BuiltInId(candles.Pair, candles.Timeframe);
            await documents.Commit(new DocumentBatch(Containers.Listings, Dataset.BuiltInList).Upsert(id, dataset), ct);
            hashes.Add(id, dataset.DatasetHash);
        }
        return hashes;
    }

    private async Task WriteTemplate(StrategyTemplate template, Dictionary<string, string> hashes, CancellationToken ct)
    {
        var document = WithDataset(template.Code, hashes);
        if (!StrategyCode.Read(document).Succeeded(out var code, out var refusal))
            throw new InvalidOperationException($"The template {template.Slug} is no strategy. {refusal.Detail}");
        var sid = SidOf(template);
        var present = (await Strategy.Read(documents, sid, ct))?.Value;
        var strategy = present?.CodeHash == code.Hash ? present : Next(sid, code, document, present);
        await strategies.Write(strategy, ct);
        await reports.Write(strategy, Beginning, ct);
    }

    private static Strategy Next(string sid, StrategyCode code, JsonElement document, Strategy? present) => new(
        sid, Strategy.BuiltInOwner, code.Definition.Name, Visibility.Public, (present?.Version ?? 0) + 1, code.Hash,
        code.Definition.DatasetHash!, document, Lineage: null, Beginning, Beginning, PublishedAt: Beginning, (present?.Revision ?? 0) + 1);

    private static JsonElement WithDataset(JsonElement code, Dictionary<string, string> hashes)
    {
        var id = Dataset.BuiltInId(code.GetProperty("pair").GetString()!, code.GetProperty("timeframe").GetString()!);
        var document = JsonObject.Create(code)!;
        document["dataset_hash"] = hashes[id];
        return JsonSerializer.SerializeToElement(document);
    }
}
