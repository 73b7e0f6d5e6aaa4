using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Datasets;

/// <summary>
/// Stores datasets under their hash, once: first the content, then the metadata that says it is there. A repeat finds both and changes
/// nothing; a crash in between leaves content that the repeat finds.
/// </summary>
public sealed class DatasetWriter(IDocumentStore documents, IBlobStore blobs)
{
    /// <summary>False when the dataset was there already; its metadata stays as it was.</summary>
    /// <param name="content">The normalized CSV, of which <paramref name="dataset"/> carries the hash.</param>
    public async Task<bool> Write(Dataset dataset, Stream content, CancellationToken ct)
    {
        await blobs.Create(Dataset.BlobPath(dataset.DatasetHash), content, "text/csv", ct);
        var batch = new DocumentBatch(Containers.Datasets, dataset.DatasetHash).Create(Dataset.DocumentId, dataset);
        return (await documents.Commit(batch, ct)).Succeeded;
    }
}
