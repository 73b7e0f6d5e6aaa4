using System.Globalization;
using System.Runtime.Versioning;

namespace Hexabase.Tests.Local;

/// <summary>The processes of this machine, from <c>/proc</c>.</summary>
[SupportedOSPlatform("linux")]
internal static class ProcessTable
{
    public static List<int> ChildrenOf(int parent) => Where("stat", stat => Parent(stat) == parent);

    /// <summary>Those whose command line contains every one of <paramref name="words"/>.</summary>
    public static List<int> WithCommandLine(params string[] words) =>
        Where("cmdline", line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    private static List<int> Where(string file, Func<string, bool> fits) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Read(Path.Combine(folder, file)) is { } text && fits(text))
            .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)),
    ];

    /// <summary>Null when the process ended meanwhile.</summary>
    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Its id comes second after the program's name, which stands in parentheses and may hold anything.</summary>
    private static int Parent(string stat) => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
}
