using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Hexabase.Local.Companions;

/// <summary>The Node.js that the companions run on: <c>node</c> and <c>npm</c> of the PATH.</summary>
public static class NodeRuntime
{
    public const int OldestMajor = 20;

    /// <exception cref="CannotStartException">There is none, or it is too old.</exception>
    public static async Task Require(CancellationToken ct)
    {
        var version = await Version(ct);
        if (Major(version) is not { } major || major < OldestMajor)
            throw new CannotStartException($"Node.js {OldestMajor} or newer is needed, and this is {version}: get it from https://nodejs.org.");
    }

    /// <summary>20 of <c>v20.11.1</c>; null when the text is no version.</summary>
    public static int? Major(string version) =>
        version is ['v', .. var numbers] && int.TryParse(numbers.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? major
            : null;

    private static async Task<string> Version(CancellationToken ct)
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            var version = await node.StandardOutput.ReadToEndAsync(ct);
            await node.WaitForExitAsync(ct);
            return version.Trim();
        }
        catch (Win32Exception e)
        {
            throw new CannotStartException($"Node.js {OldestMajor} or newer is needed, and there is no node on the PATH: get it from https://nodejs.org.", e);
        }
    }
}
