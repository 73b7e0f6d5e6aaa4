using System.Diagnostics;
using System.Runtime.Versioning;
using Hexabase.Local;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Tests.Local;

public sealed class SupervisedProcessTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")] // a shell
    public async Task What_a_process_said_last_is_heard_before_it_is_let_go_of()
    {
        const int lines = 20_000;
        var heard = 0;
        using (var child = ChildProcess.Start(new ProcessStartInfo("/bin/sh", ["-c", $"seq {lines} >&2"]), _ => { }, _ => heard++))
        {
            await child.Ended;
            await child.End(TimeSpan.Zero);
        }
        Assert.Equal(lines, heard);
    }

    [Fact]
    public async Task Whatever_keeps_a_start_from_being_made_is_a_crash_after_which_the_next_is_tried()
    {
        var starts = 0;
        var said = new LockedWriter();
        var plan = new ProcessPlan("server", () => starts++ == 0 ? throw new InvalidOperationException("no luck") : Server(), TimeSpan.FromSeconds(30))
        {
            OnOutput = _ => { },
            OnError = _ => { },
        };
        using var http = ChildHttp.New();
        await using var server = new SupervisedProcess(plan, http, new PlatformConsole(said, said), TimeProvider.System, CancellationToken.None);
        server.Start();
        Assert.NotNull(await server.WhenReady(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("The server could not be kept running (no luck); started again after 0.1 s.", said.ToString(), StringComparison.Ordinal);
    }

    private static Launch Server()
    {
        var port = LocalPorts.Free();
        return new Launch(
            new ProcessStartInfo("node", ["-e", $"require('node:http').createServer((_, r) => r.end()).listen({port}, '127.0.0.1')"]),
            new Uri($"http://127.0.0.1:{port}/"));
    }
}
