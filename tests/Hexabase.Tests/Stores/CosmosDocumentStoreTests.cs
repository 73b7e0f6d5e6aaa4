using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>The contract on the Cosmos SDK, and what only this store promises.</summary>
[Collection(CosmosAccount.Collection)]
public sealed class CosmosDocumentStoreTests(CosmosAccountFixture account) : DocumentStoreContract
{
    protected override async Task<IDocumentStore> NewStore(TimeProvider clock) => await account.NewStore(clock);
}
