using System.Globalization;

namespace Hexabase.Worker.Envelopes;

/// <summary>
/// Reads dates as the host leaves them: it formats and parses them again on the way, so fractions of a second are lost, and so is the
/// <c>Z</c> of a UTC time. A date without a zone is UTC.
/// </summary>
internal static class HostDates
{
    public static bool TryParse(string? text, out DateTimeOffset utc) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);
}
