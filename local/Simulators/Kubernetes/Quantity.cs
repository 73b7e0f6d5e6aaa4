using System.Globalization;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Amounts of cpu, memory and the like (fact sheet, §4): <c>250m</c>, <c>512Mi</c>, <c>1e3</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("Pi", 1024m * 1024 * 1024 * 1024 * 1024), ("Ei", 1024m * 1024 * 1024 * 1024 * 1024 * 1024),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 0.001m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>Null for what is no amount.</summary>
    public static decimal? Parse(string text)
    {
        var (number, factor) = (text, 1m);
        if (Suffixes.FirstOrDefault(s => text.EndsWith(s.Suffix, StringComparison.Ordinal)) is { Suffix: { } suffix } known)
            (number, factor) = (text[..^suffix.Length], known.Factor);
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out var value))
            return null;
        try
        {
            return value * factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>As a plain number, in thousandths when it is no whole one.</summary>
    public static string Write(decimal value) => decimal.IsInteger(value)
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : $"{Math.Ceiling(value * 1000).ToString("0", CultureInfo.InvariantCulture)}m";
}
