using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Proofs;
using Hexabase.Backtesting.Results;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Backtesting;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Proofs;

/// <summary>A good proof of a short run with trades, to be checked as it is or tampered with.</summary>
internal static class ProofSample
{
    public static IResultSigner Signer => TestSigner.Instance;

    /// <summary>The normalized candles.</summary>
    public static byte[] Dataset { get; } = NewDataset();

    public static JsonElement Strategy { get; } = Documents.Of("cross_above(sma(close, 2), sma(close, 4))", more: """{"exit":{"long":"close < sma(close, 3)"}}""");

    /// <summary>The result's canonical bytes.</summary>
    public static byte[] Result { get; } = ResultOn(Dataset);

    /// <summary>The proof.</summary>
    public static byte[] File { get; } = Write(Result, Signer.Sign(Result), Strategy);

    public static byte[] Write(ReadOnlySpan<byte> result, string jws, JsonElement strategy)
    {
        var output = new ArrayBufferWriter<byte>();
        ProofFile.Write(output, result, jws, strategy);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The proof of the same strategy on other candles, in normalized form.</summary>
    public static byte[] FileOn(byte[] dataset)
    {
        var result = ResultOn(dataset);
        return Write(result, Signer.Sign(result), Strategy);
    }

    /// <summary>The proof after a change, written canonically again, as somebody who knows the format would.</summary>
    public static byte[] Changed(Action<JsonObject> change)
    {
        var proof = JsonNode.Parse(File)!.AsObject();
        change(proof);
        return CanonicalJson.GetBytes(JsonSerializer.SerializeToElement(proof));
    }

    /// <summary>The proof with a header and a signature of one's own choice.</summary>
    public static byte[] WithJws(string jws) => Changed(proof => proof["jws"] = jws);

    public static Task<Verdict> Check(byte[] file) => Check(file, Dataset, Signer.Keys);

    public static async Task<Verdict> Check(byte[] file, byte[] dataset, VerificationKeys keys) => ProofFile.TryRead(file, out var proof, out var error)
        ? await new ProofCheck(proof, keys).Against(dataset, CancellationToken.None)
        : ProofCheck.NoProof(error);

    /// <summary>How a check ended: its code, or "passed".</summary>
    public static string Of(this Verdict verdict, string name)
    {
        var finding = verdict.Checks.Single(check => check.Name == name);
        return finding.Code ?? finding.Outcome.ToString().ToLowerInvariant();
    }

    private static byte[] NewDataset()
    {
        var csv = new StringBuilder(Candles.Header + "\n");
        for (var i = 0; i < 60; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2026-01-{5 + (i / 24):D2}T{i % 24:D2}:00:00Z,1.1,1.2,1,{1.05 + (i * 7 % 11 / 100.0):0.##},{i + 1}\n");
        return Encoding.ASCII.GetBytes(csv.ToString());
    }

    private static byte[] ResultOn(byte[] dataset)
    {
        var result = Documents.Run(Documents.Parse(Strategy), Candles.Parse(dataset));
        Assert.InRange(result.Trades.Count, 3, 20);
        return result.ToCanonicalJson(CodeHash.Of(Strategy), Convert.ToHexStringLower(SHA256.HashData(dataset)));
    }
}
