using Hexabase.Adapters.Tokens;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Accounts;

namespace Hexabase.Tests.Support;

/// <summary>The real signer with a key of its own, for everything that has results signed.</summary>
internal static class TestSigner
{
    private static readonly SigningKeys Keys = SigningKeys.Parse(Pem.NewKey());

    public static IResultSigner Instance { get; } = new ResultSigner(Keys);

    public static IReadOnlyList<JsonWebKey> PublicKeys => Keys.Published;
}
