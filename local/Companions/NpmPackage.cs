using System.ComponentModel;
using System.Diagnostics;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Companions;

/// <summary>An npm package of what this platform starts: what exactly, in which versions, is in its package-lock.json.</summary>
/// <param name="root">The folder with the npm/ that all packages share.</param>
/// <param name="folder">Where package.json is.</param>
/// <param name="holds">What is in it, for people.</param>
public sealed class NpmPackage(string root, string folder, string holds, PlatformConsole console, TimeProvider clock)
{
    private const string Lock = "package-lock.json";
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Written last, so that an installation that was cut short is seen to be one.</summary>
    private string Installed => Path.Combine(folder, "node_modules", ".installed-from.json");

    /// <summary>What every platform starts.</summary>
    /// <param name="root">See <see cref="LocalOptions.NpmFolder"/>.</param>
    public static NpmPackage Companions(string root, PlatformConsole console, TimeProvider clock) =>
        new(root, root, "Azurite and the OAuth mock", console, clock);

    /// <summary>Only for documents in Cosmos DB: it is large.</summary>
    /// <param name="root">See <see cref="LocalOptions.NpmFolder"/>.</param>
    public static NpmPackage CosmosEmulator(string root, PlatformConsole console, TimeProvider clock) =>
        new(root, Path.Combine(root, "npm", "cosmos"), "the Cosmos DB emulator", console, clock);

    /// <summary>A node program of this package that ends with the platform, however that ends.</summary>
    /// <param name="script">Relative to the package.</param>
    public ProcessStartInfo Node(string script, params IEnumerable<string> arguments) =>
        new("node", ["--require", ExitWithParent, Path.Combine(folder, script), .. arguments]) { WorkingDirectory = folder };

    /// <summary>Runs <c>npm ci</c> unless what is installed is what the lock file asks for. One platform at a time does so.</summary>
    /// <exception cref="CannotStartException">It failed; what npm said is on the console.</exception>
    public async Task Install(CancellationToken ct)
    {
        try
        {
            await InstallWhereNeeded(ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{holds} cannot be installed in {folder}: {e.Message}", e);
        }
    }

    private async Task InstallWhereNeeded(CancellationToken ct)
    {
        if (IsInstalled())
            return;
        await using var turn = await Turn(ct);
        if (IsInstalled())
            return;
        console.Say($"installing {holds} (npm ci, on first use only) …");
        var started = clock.GetTimestamp();
        await RunNpm(started, ct);
        File.Copy(Path.Combine(folder, Lock), Installed, overwrite: true);
        console.Say($"installed in {clock.GetElapsedTime(started).TotalSeconds:0} s");
    }

    private string ExitWithParent => Path.Combine(root, "npm", "exit-with-parent.cjs");

    private bool IsInstalled() =>
        File.Exists(Installed) && File.ReadAllBytes(Installed).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, Lock)));

    private async Task<FileStream> Turn(CancellationToken ct)
    {
        for (var told = false; ; told = true)
        {
            if (ExclusiveFile.TryOpen(Path.Combine(folder, ".npm-ci.lock")) is { } turn)
                return turn;
            if (!told)
                console.Say($"waiting for another run that is installing {holds} …");
            await Task.Delay(RetryEvery, clock, ct);
        }
    }

    private async Task RunNpm(long started, CancellationToken ct)
    {
        // Nothing the packages bring is run during the installation; none of them needs it.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-progress"])
        {
            WorkingDirectory = folder,
            Environment = { ["NODE_OPTIONS"] = $"--require \"{ExitWithParent.Replace('\\', '/')}\"" },
        };
        using var npm = StartNpm(start);
        try
        {
            while (await Task.WhenAny(npm.Ended, Task.Delay(ProgressEvery, clock, ct)) != npm.Ended)
            {
                ct.ThrowIfCancellationRequested();
                console.Say($"still installing ({clock.GetElapsedTime(started).TotalSeconds:0} s) …");
            }
        }
        finally
        {
            await npm.End(TimeSpan.Zero);
        }
        if (npm.ExitCode != 0)
            throw new CannotStartException($"npm ci failed in {folder} (exit code {npm.ExitCode}); what it said is above.");
    }

    private ChildProcess StartNpm(ProcessStartInfo start)
    {
        try
        {
            return ChildProcess.Start(start, line => Tell(console.Say, line), line => Tell(console.Warn, line));
        }
        catch (Win32Exception e)
        {
            throw new CannotStartException("There is no npm on the PATH: it comes with Node.js from https://nodejs.org.", e);
        }
    }

    private static void Tell(Action<string> tell, string line)
    {
        if (line.Length > 0)
            tell($"npm: {line}");
    }
}
