using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>The built program, as a person starts and stops it.</summary>
[SupportedOSPlatform("linux")] // signals and /proc
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder work = new();
    private readonly HandlerApp app = new();

    public void Dispose()
    {
        app.Dispose();
        work.Dispose();
    }

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public async Task It_says_where_it_is_and_a_signal_stops_all_it_started(int signal)
    {
        using var program = Start("--port", "0", "--app", app.Folder);
        await program.Says("everything up at http://localhost:");
        var children = program.Children();
        Assert.Equal(3, children.Count); // the app, Azurite, the OAuth mock
        program.Signal(signal);
        Assert.Equal(0, await program.ExitCode());
        Assert.Equal("", program.Error);
        Assert.DoesNotContain(children, IsRunning);
    }

    [Fact]
    public async Task Ctrl_C_in_a_terminal_which_goes_to_all_processes_costs_no_queued_message()
    {
        var data = work.File("data");
        using var program = Start("--port", "0", "--app", app.Folder, "--data", data);
        await program.Says("everything up at http://localhost:");
        var queue = new QueueClient(program.Address, data);
        await queue.Send(["nothing", .. Enumerable.Repeat("empty object", 20)]);
        await Eventually.Holds(() => app.Calls.Count > 0, "the first message is being worked on");

        foreach (var process in program.Children().Append(program.Id))
            Signals.Send(process, Signals.Interrupt);

        Assert.Equal(0, await program.ExitCode());
        Assert.DoesNotContain("is not started again", program.Error, StringComparison.Ordinal);
        Assert.Equal((21L, 0L, 1L), await QueueClient.Left(data));
    }

    [Fact]
    public async Task What_it_started_ends_even_when_it_is_killed()
    {
        using var program = Start("--port", "0", "--app", app.Folder);
        await program.Says("everything up at");
        var children = program.Children();
        program.Signal(Signals.Kill);
        await program.ExitCode();
        await Eventually.Holds(() => !children.Any(IsRunning), "the children are gone");
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var program = Start("--port", $"{port}", "--app", app.Folder);
        await Refuses(program, $"Port {port} is in use: stop what listens there or choose another with --port.");
    }

    [Fact]
    public async Task A_missing_node_is_one_line()
    {
        using var program = StartWith(EmptyFolder(), "--port", "0", "--app", app.Folder);
        await Refuses(program, "Node.js 20 or newer is needed, and there is no node on the PATH: get it from https://nodejs.org.");
    }

    [Fact]
    public async Task An_old_node_is_one_line()
    {
        var path = EmptyFolder();
        var node = Path.Combine(path, "node");
        await File.WriteAllTextAsync(node, "#!/bin/sh\necho v18.20.4\n");
        File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var program = StartWith(path, "--port", "0", "--app", app.Folder);
        await Refuses(program, "Node.js 20 or newer is needed, and this is v18.20.4: get it from https://nodejs.org.");
    }

    [Fact]
    public async Task A_folder_without_an_app_is_one_line()
    {
        var folder = EmptyFolder();
        using var program = Start("--port", "0", "--app", folder);
        await Refuses(program, $"There is no host.json in {folder}: build the function app, or name its folder with --app.");
    }

    [Fact]
    public async Task A_data_folder_in_use_is_one_line()
    {
        var data = work.File("data");
        using var claimed = Hexabase.Local.DataFolder.Claim(data);
        using var program = Start("--port", "0", "--app", app.Folder, "--data", data);
        await Refuses(program, $"The data folder {data} is in use by another running instance: stop it or choose another with --data.");
    }

    [Theory]
    [InlineData("--port", "many")]
    [InlineData("--port", "70000")]
    [InlineData("--colour", "red")]
    [InlineData("--store", "memory")]
    public async Task Options_it_does_not_understand_are_one_line(string option, string value)
    {
        using var program = Start(option, value);
        await Refuses(program, null);
    }

    private static async Task Refuses(RunningProgram program, string? line)
    {
        Assert.Equal(1, await program.ExitCode());
        var said = Assert.Single(program.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (line is not null)
            Assert.Equal(line, said);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private string EmptyFolder() => Directory.CreateDirectory(work.File(Guid.NewGuid().ToString("N"))).FullName;

    private RunningProgram Start(params string[] arguments) => StartWith(Environment.GetEnvironmentVariable("PATH")!, arguments);

    private RunningProgram StartWith(string path, params string[] arguments) => new(work.Path, path, arguments);

    private sealed class RunningProgram : IDisposable
    {
        private readonly LockedWriter output = new();
        private readonly LockedWriter error = new();
        private readonly Process process;

        /// <summary>By its path: these tests take PATH away.</summary>
        private static string Dotnet => Path.GetFullPath("../../../dotnet", System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());

        public RunningProgram(string folder, string path, string[] arguments)
        {
            process = new Process
            {
                StartInfo = new ProcessStartInfo(Dotnet, [Repository.PlatformProgram, .. arguments])
                {
                    WorkingDirectory = folder,
                    Environment = { ["PATH"] = path },
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                },
            };
            process.OutputDataReceived += (_, e) => output.WriteLine(e.Data);
            process.ErrorDataReceived += (_, e) => error.WriteLine(e.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public int Id => process.Id;

        public string Error => error.ToString().Trim();

        /// <summary>Where it says that it is.</summary>
        public Uri Address => new(output.ToString().Split("everything up at ")[1].Split(' ')[0]);

        public Task Says(string text) => Eventually.Holds(
            () => Task.FromResult(output.ToString().Contains(text, StringComparison.Ordinal) || process.HasExited),
            () => $"the program says {text}; it said {output}{error}");

        public void Signal(int signal) => Signals.Send(process.Id, signal);

        public List<int> Children() => ProcessTable.ChildrenOf(process.Id);

        public async Task<int> ExitCode()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
