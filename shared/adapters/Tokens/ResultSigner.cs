using Hexabase.Backtesting.Proofs;
using Hexabase.Domain.Runs;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// Signs results with the key that signs access tokens too. Neither can be taken for the other: each names its kind in the header
/// <c>typ</c> and is refused under another, and a result's signature carries no payload.
/// </summary>
public sealed class ResultSigner(SigningKeys keys) : IResultSigner
{
    private readonly string header = DetachedJws.HeaderFor(keys.Current.Id);

    public VerificationKeys Keys { get; } = new(keys.Published.Select(key => (key.Kid, key.X, key.Y)));

    public string Sign(ReadOnlySpan<byte> result)
    {
        var signature = keys.Current.SignDigest(DetachedJws.Digest(header, result));
        Es256.Normalize(signature);
        return DetachedJws.Compose(header, signature);
    }
}
