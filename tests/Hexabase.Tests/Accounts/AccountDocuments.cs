using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Accounts;

internal static class AccountDocuments
{
    /// <summary>A document of an account's own partition; null when there is none.</summary>
    public static async Task<T?> OfAccount<T>(this IDocumentStore documents, string accountId, string id) where T : class =>
        (await documents.Read<T>(Containers.Accounts, accountId, id, default))?.Value;
}
