using Hexabase.Backtesting.Proofs;

namespace Hexabase.Domain.Runs;

/// <summary>Signs results, so that whoever has one can prove where it comes from.</summary>
public interface IResultSigner
{
    /// <summary>A detached signature, good without end: see <see cref="DetachedJws"/>.</summary>
    /// <param name="result">The result's canonical bytes.</param>
    string Sign(ReadOnlySpan<byte> result);

    /// <summary>What signatures are checked with: the keys in use and those that signed before.</summary>
    VerificationKeys Keys { get; }
}
