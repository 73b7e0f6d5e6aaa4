using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Backtesting.Proofs;

/// <summary>Why a file is no proof at all.</summary>
/// <param name="Path">The property at fault, such as <c>result.seed</c>; empty for the file as a whole.</param>
public sealed record ProofError(string Path, string Message);

/// <summary>
/// A finished run that can be checked without us, schema <c>hexabase.proof/v1</c>: its result, the strategy, and our signature of the
/// result, as canonical JSON (RFC 8785). The candles it ran on are named by their hash.
/// </summary>
public sealed class ProofFile
{
    public const string Schema = "hexabase.proof/v1";

    private static readonly string[] Properties = ["jws", "result", "schema", "strategy"];

    private ProofFile(string jws, JsonElement result, JsonElement strategy, ReadOnlySpan<byte> file)
    {
        (Jws, Strategy) = (jws, strategy);
        Result = CanonicalJson.GetBytes(result);
        CodeHash = result.GetProperty("code_hash").GetString()!;
        DatasetHash = result.GetProperty("dataset_hash").GetString()!;
        EngineVersion = result.GetProperty("engine_version").GetString()!;
        Seed = result.GetProperty("seed").GetInt64();
        var canonical = new ArrayBufferWriter<byte>(file.Length);
        Write(canonical, Result.Span, jws, strategy);
        IsCanonical = canonical.WrittenSpan.SequenceEqual(file);
    }

    /// <summary>The signature as it stands there; see <see cref="DetachedJws"/>.</summary>
    public string Jws { get; }

    /// <summary>The result's canonical bytes, which are what was signed.</summary>
    public ReadOnlyMemory<byte> Result { get; }

    /// <summary>The strategy document as it stands there.</summary>
    public JsonElement Strategy { get; }

    /// <summary>Which strategy the result says it is of.</summary>
    public string CodeHash { get; }

    /// <summary>Which candles the result says it is of.</summary>
    public string DatasetHash { get; }

    /// <summary>Which engine the result says it is of.</summary>
    public string EngineVersion { get; }

    /// <summary>The seed the result says it is of.</summary>
    public long Seed { get; }

    /// <summary>The file is byte for byte in the one form it can have.</summary>
    public bool IsCanonical { get; }

    /// <summary>Writes a proof.</summary>
    /// <param name="result">The result's canonical bytes.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> result, string jws, JsonElement strategy)
    {
        output.Write("{\"jws\":"u8);
        CanonicalJson.WriteString(jws, output);
        output.Write(",\"result\":"u8);
        output.Write(result);
        output.Write(",\"schema\":"u8);
        CanonicalJson.WriteString(Schema, output);
        output.Write(",\"strategy\":"u8);
        CanonicalJson.Write(strategy, output);
        output.Write("}"u8);
    }

    /// <summary>Reads what somebody says is a proof. Whether it holds is another question: <see cref="ProofCheck"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out ProofFile? proof, [NotNullWhen(false)] out ProofError? error)
    {
        proof = null;
        try
        {
            var json = StrictJson.Parse(file);
            error = FirstError(json);
            if (error is null)
                proof = new ProofFile(json.GetProperty("jws").GetString()!, json.GetProperty("result"), json.GetProperty("strategy"), file);
        }
        catch (JsonException e)
        {
            error = new ProofError("", $"The file is not JSON{StrictJson.PlaceOf(e)}.");
        }
        catch (CanonicalJsonException e)
        {
            error = new ProofError("", $"The file has no canonical form. {e.Message}");
        }
        return error is null;
    }

    private static ProofError? FirstError(JsonElement proof)
    {
        if (proof.ValueKind != JsonValueKind.Object)
            return new ProofError("", "A proof is a JSON object.");
        if (StrictJson.Text(proof, "schema") != Schema)
            return new ProofError("schema", $"schema must be \"{Schema}\".");
        foreach (var property in proof.EnumerateObject())
        {
            if (!Properties.Any(property.NameEquals))
                return new ProofError("", $"A proof has the properties {string.Join(", ", Properties)} and no others.");
        }
        if (StrictJson.Text(proof, "jws") is null)
            return new ProofError("jws", "jws is required: the signature, a text.");
        if (!proof.TryGetProperty("strategy", out var strategy) || strategy.ValueKind != JsonValueKind.Object)
            return new ProofError("strategy", "strategy is required: the document that was run.");
        return proof.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
            ? FirstErrorOf(result)
            : new ProofError("result", "result is required: the result document of the run.");
    }

    private static ProofError? FirstErrorOf(JsonElement result)
    {
        if (!Sha256Hex.Is(StrictJson.Text(result, "code_hash")))
            return new ProofError("result.code_hash", "result.code_hash is required: 64 lower-case hex digits.");
        if (!Sha256Hex.Is(StrictJson.Text(result, "dataset_hash")))
            return new ProofError("result.dataset_hash", "result.dataset_hash is required: 64 lower-case hex digits.");
        if (StrictJson.Text(result, "engine_version") is not { Length: > 0 and <= 32 })
            return new ProofError("result.engine_version", "result.engine_version is required: a text of up to 32 characters.");
        return result.TryGetProperty("seed", out var seed) && seed.ValueKind == JsonValueKind.Number
            && seed.TryGetInt64(out var number) && number is >= 0 and <= Backtest.MaxSeed
            ? null
            : new ProofError("result.seed", $"result.seed is required: a whole number from 0 to {Backtest.MaxSeed}.");
    }
}
