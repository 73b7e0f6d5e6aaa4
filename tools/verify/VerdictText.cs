using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Backtesting.Proofs;

namespace Hexabase.Verify;

/// <summary>A verdict in print.</summary>
internal static class VerdictText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>The members of POST /api/verify; escaped so that a terminal shows it as text whatever it holds.</summary>
    public static string Json(Verdict verdict) => JsonSerializer.Serialize(verdict, Options);

    /// <summary>A check list, the values that differ, and what it comes to.</summary>
    public static string Of(Verdict verdict)
    {
        var text = new StringBuilder();
        foreach (var check in verdict.Checks)
        {
            text.Append($"  {Mark(check.Outcome),-7} {check.Name,-9}  {Printable(check.Detail)}");
            text.AppendLine(check.Code is null ? "" : $" [{check.Code}]");
        }
        foreach (var difference in verdict.Differences)
        {
            var (claimed, computed) = (Value(difference.Claimed), Value(difference.Computed));
            text.AppendLine($"          {Printable(difference.Path)}: {claimed} in the proof, {computed} by running it again");
        }
        return text.Append(
            verdict.Valid ? "VALID: this result follows from this strategy and these candles, and the site has signed it."
            : verdict.Refuted() ? "NOT VALID: see what failed."
            : "NOT CHECKED: nothing failed, but not all could be checked.").ToString();
    }

    private static string Mark(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "ok",
        CheckOutcome.Failed => "FAILED",
        _ => "skipped",
    };

    private static string Value(JsonElement? value) => value is { } json ? JsonSerializer.Serialize(json, Options) : "nothing";

    /// <summary>Whoever made the file may not give orders to the reader's terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator ? '?' : c));
}
