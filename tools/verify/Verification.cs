using Hexabase.Backtesting.Proofs;

namespace Hexabase.Verify;

/// <summary>Where the three things are that a proof is checked with.</summary>
/// <param name="Json">Print for machines.</param>
internal sealed record VerificationInputs(string Proof, string Dataset, string Jwks, bool Json);

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Valid = 0;
    public const int NotValid = 1;
    public const int NotChecked = 2;
}

/// <summary>Reads the inputs, checks, and prints.</summary>
internal static class Verification
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(VerificationInputs inputs, CancellationToken ct)
    {
        Verdict verdict;
        try
        {
            verdict = await Check(inputs, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or FormatException)
        {
            await Console.Error.WriteLineAsync($"Could not check the proof. {e.Message}");
            return ExitCode.NotChecked;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Could not check the proof: cancelled, or the key set did not come in time.");
            return ExitCode.NotChecked;
        }
        await Console.Out.WriteLineAsync(inputs.Json ? VerdictText.Json(verdict) : VerdictText.Of(verdict));
        return verdict.Valid ? ExitCode.Valid : verdict.Refuted() ? ExitCode.NotValid : ExitCode.NotChecked;
    }

    private static async Task<Verdict> Check(VerificationInputs inputs, CancellationToken ct)
    {
        var keys = await KeySet.Read(inputs.Jwks, ct);
        var file = await File.ReadAllBytesAsync(inputs.Proof, ct);
        var candles = await File.ReadAllBytesAsync(inputs.Dataset, ct);
        if (!ProofFile.TryRead(file, out var proof, out var error))
            return ProofCheck.NoProof(error);
        return await new ProofCheck(proof, keys).Against(await CandleFile.Normalize(candles, proof.DatasetHash, ct), ct);
    }
}
