using Hexabase.Adapters.Tokens;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Accounts;

namespace Hexabase.Tests.Support;

/// <summary>The real signer with a key of its own, for everything that has results signed.</summary>
internal static class TestSigner
{
    public static IResultSigner Instance { get; } = new ResultSigner(SigningKeys.Parse(Pem.NewKey()));
}
