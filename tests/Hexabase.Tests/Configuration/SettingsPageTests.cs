using System.Text.RegularExpressions;
using Hexabase.Adapters.Settings;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Configuration;

/// <summary>What <c>docs/settings.md</c> says, beside what the code reads.</summary>
public sealed partial class SettingsPageTests
{
    /// <summary>Of each name in the first column of a table, the second column.</summary>
    private static readonly Dictionary<string, string> Rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "settings.md"))
        .Select(line => line.Split('|'))
        .Where(cells => cells.Length == 5 && cells[1].StartsWith(" `", StringComparison.Ordinal))
        .SelectMany(cells => Name().Matches(cells[1]).Select(name => (Name: name.Groups["name"].Value, Second: cells[2])))
        .ToDictionary(row => row.Name, row => row.Second, StringComparer.Ordinal);

    [Fact]
    public void Every_setting_that_is_read_is_on_the_page_and_nothing_else() => Assert.Equal(
        ProductSettings.Known.Select(setting => setting.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_page_says_which_are_required() => Assert.Equal(Names(s => s.IsRequired), Marked("required"));

    [Fact]
    public void The_page_says_which_are_secret() => Assert.Equal(Names(s => s.IsSecret), Marked("secret"));

    private static IEnumerable<string> Names(Func<Setting, bool> which) =>
        ProductSettings.Known.Where(which).Select(setting => setting.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Marked(string mark) =>
        Rows.Where(row => row.Value.Contains(mark, StringComparison.Ordinal)).Select(row => row.Key).Order(StringComparer.Ordinal);

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Name();
}
