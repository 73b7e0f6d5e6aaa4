using System.Globalization;

namespace Hexabase.Adapters.Kubernetes.Objects;

/// <summary>Amounts as manifests write them: a decimal number with a suffix (sheet section 4).</summary>
internal static class Quantity
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Tried in this order; a number without any ends like the last.</summary>
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m), ("", 1),
    ];

    /// <summary>Thousandths of a core.</summary>
    public static string Millis(int millis) => string.Create(CultureInfo.InvariantCulture, $"{millis}m");

    public static string Mebibytes(int mb) => string.Create(CultureInfo.InvariantCulture, $"{mb}Mi");

    public static string Gibibytes(int gb) => string.Create(CultureInfo.InvariantCulture, $"{gb}Gi");

    public static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The amount in whole parts of <paramref name="unit"/>, rounded up; 0 for nothing at all.</summary>
    /// <exception cref="FormatException">No quantity.</exception>
    /// <exception cref="OverflowException">Too much.</exception>
    public static long In(decimal unit, string? text) => text is null ? 0 : checked((long)decimal.Ceiling(Parse(text) / unit));

    /// <exception cref="FormatException">No quantity.</exception>
    /// <exception cref="OverflowException">Too much.</exception>
    public static decimal Parse(string text)
    {
        var (suffix, factor) = Array.Find(Suffixes, s => text.EndsWith(s.Suffix, StringComparison.Ordinal));
        return decimal.Parse(text.AsSpan(0, text.Length - suffix.Length), Number, CultureInfo.InvariantCulture) * factor;
    }
}
