using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Accounts;

/// <summary>The real document store in a directory of its own, and what the accounts' tests read from it.</summary>
internal sealed class AccountsStore : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("hexabase-accounts-").FullName;
    private readonly SqliteDocumentStore documents;

    public AccountsStore(TimeProvider clock) =>
        documents = SqliteDocumentStore.Open(Path.Combine(directory, "documents.db"), Containers.All, clock);

    public IDocumentStore Documents => documents;

    /// <summary>The plans that the product ships.</summary>
    public static Plans Plans => Support.TestPlans.Product;

    public async Task<T?> Read<T>(string accountId, string id) where T : class =>
        (await documents.Read<T>(Containers.Accounts, accountId, id, default))?.Value;

    public async ValueTask DisposeAsync()
    {
        await documents.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
