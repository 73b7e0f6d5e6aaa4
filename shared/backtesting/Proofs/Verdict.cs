using System.Text.Json;

namespace Hexabase.Backtesting.Proofs;

/// <summary>What checking a proof came to.</summary>
/// <param name="Checks">All of them, in their order.</param>
/// <param name="Differences">
/// Where the proof and the re-run differ: the first <see cref="ResultDifferences.MostListed"/>, in the order of the result.
/// </param>
public sealed record Verdict(IReadOnlyList<Finding> Checks, IReadOnlyList<Difference> Differences)
{
    /// <summary>Every check passed.</summary>
    public bool Valid => Checks.All(check => check.Outcome == CheckOutcome.Passed);

    /// <summary>
    /// Some check failed. When neither this nor <see cref="Valid"/>, nothing speaks against the proof but not all could be checked.
    /// </summary>
    public bool Refuted() => Checks.Any(check => check.Outcome == CheckOutcome.Failed);
}

/// <summary>How one check ended.</summary>
public enum CheckOutcome
{
    Passed,
    Failed,

    /// <summary>It could not be made.</summary>
    Skipped,
}

/// <summary>One check.</summary>
/// <param name="Name">form, signature, strategy, dataset, engine or rerun.</param>
/// <param name="Code">Why it did not pass, stable, UPPER_SNAKE; null when it passed.</param>
/// <param name="Detail">What was found, for a person.</param>
public sealed record Finding(string Name, CheckOutcome Outcome, string? Code, string Detail);

/// <summary>A value of the result that the re-run does not confirm.</summary>
/// <param name="Path">Such as <c>metrics.net_profit</c> or <c>trades.rows[3].exit_price</c>.</param>
/// <param name="Claimed">What the proof says; null when it says nothing there.</param>
/// <param name="Computed">What the re-run gives; null when it gives nothing there.</param>
public sealed record Difference(string Path, JsonElement? Claimed, JsonElement? Computed);
