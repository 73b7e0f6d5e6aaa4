using System.Globalization;

namespace Hexabase.Adapters.Settings;

/// <summary>What a setting takes.</summary>
/// <param name="Expected">In words that go on after "expected".</param>
/// <param name="Parse">Throws a <see cref="FormatException"/>, whose message is never shown: it may hold the value.</param>
/// <param name="IsSecret">Belongs into a key vault.</param>
public sealed record SettingKind<T>(string Expected, Func<string, T> Parse, bool IsSecret = false);

/// <summary>The kinds that more than one area needs.</summary>
public static class SettingKinds
{
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(365);
    public const int LargestNumber = 1_000_000;

    /// <summary>Both colons are demanded, because .NET reads "30" as days.</summary>
    public static SettingKind<TimeSpan> Duration { get; } = new(
        "a duration above zero and up to a year, as hh:mm:ss or d.hh:mm:ss",
        text => text.Count(':') == 2 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration)
            && duration > TimeSpan.Zero && duration <= LongestDuration
                ? duration
                : throw new FormatException());

    public static SettingKind<int> Number { get; } = new(
        "a whole number from 1 to 1000000",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= LargestNumber
            ? number
            : throw new FormatException());

    public static SettingKind<double> Factor { get; } = new(
        "a factor from 1 to 1000000, such as 1.5",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is >= 1 and <= LargestNumber
            ? factor
            : throw new FormatException());

    public static SettingKind<bool> Switch { get; } = new("true or false", bool.Parse);

    public static SettingKind<string> Text(string expected) => new(expected, text => text);

    public static SettingKind<string> Secret(string expected) => new(expected, text => text, IsSecret: true);

    /// <summary>An http(s) address. Where something secret is sent, <see cref="SafeAddress"/>.</summary>
    public static SettingKind<Uri> Address(string expected) => new(
        expected, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsWeb(uri) ? uri : throw new FormatException());

    /// <summary>An https address, or an http address of this machine; without query and fragment.</summary>
    public static SettingKind<Uri> SafeAddress(string expected) => new(
        $"{expected}: https without a query, or http on this machine",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsWeb(uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
            && uri is { Query: "", Fragment: "" }
                ? uri
                : throw new FormatException());

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;
}
