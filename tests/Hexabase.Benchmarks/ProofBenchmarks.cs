using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Proofs;

namespace Hexabase.Benchmarks;

/// <summary>What signing adds to a run whose result has 49 KB, as that of SMA cross over 5,000 bars has.</summary>
public class ProofBenchmarks : IDisposable
{
    private const int ResultBytes = 49 * 1024;

    private readonly byte[] result = new byte[ResultBytes];
    private readonly string header = DetachedJws.HeaderFor(new string('k', 43));
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] digest;
    private readonly byte[] signature;

    public ProofBenchmarks()
    {
        new Random(1).NextBytes(result);
        digest = DetachedJws.Digest(header, result);
        signature = Sign();
    }

    [Benchmark]
    public byte[] Digest() => DetachedJws.Digest(header, result);

    [Benchmark]
    public byte[] Sign()
    {
        var made = key.SignHash(DetachedJws.Digest(header, result), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Es256.Normalize(made);
        return made;
    }

    [Benchmark]
    public bool Verify() => Es256.Verifies(key, digest, signature);

    public void Dispose() => key.Dispose();
}
