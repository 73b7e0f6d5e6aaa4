namespace Hexabase.Functions.Http;

/// <summary>How long an answer may be held, as the query parameter <c>wait</c> asks for it.</summary>
public static class Patience
{
    private const int LongestSeconds = 60;

    /// <summary>So many seconds, at most 60; none when it is absent or below zero.</summary>
    public static TimeSpan Of(int? wait) => TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, LongestSeconds));
}
