using System.Collections;
using Hexabase.Local;
using Hexabase.Local.Functions;
using Hexabase.Local.Settings;

namespace Hexabase.Tests.Local;

public sealed class FunctionAppFolderTests : IDisposable
{
    private readonly HandlerApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public void Every_function_is_found_by_its_folder()
    {
        string[] expected = ["Crash", "Deaf", "Disabled", "Drip", "Echo", "ForFunctionKey", "ForMasterKey", "FromSetting", "Item", "Stream", "Tick", "Work"];
        Assert.Equal(expected, Read().Functions.Select(f => f.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void Settings_are_expanded_where_the_host_expands_them()
    {
        var trigger = Read().Functions.Single(f => f.Name == "Work").Trigger;
        Assert.Equal("work-tests", trigger.GetProperty("queueName").GetString());
        Assert.Equal("ServiceBus", trigger.GetProperty("connection").GetString());
    }

    [Fact]
    public void A_function_is_disabled_by_its_setting_too()
    {
        Assert.True(Read(("AzureWebJobs.Tick.Disabled", "true")).Functions.Single(f => f.Name == "Tick").IsDisabled);
        app.Write("Tick/function.json", """{"disabled": "NoTicks", "bindings": [{"type": "timerTrigger", "name": "timer", "schedule": "0 0 0 1 1 *"}]}""");
        Assert.False(Read().Functions.Single(f => f.Name == "Tick").IsDisabled);
        Assert.True(Read(("NoTicks", "1")).Functions.Single(f => f.Name == "Tick").IsDisabled);
    }

    [Fact]
    public void The_host_file_says_how_to_run_the_app()
    {
        app.Write("host.json", """
            {
              "version": "2.0", // comments are allowed
              "customHandler": {
                "description": {"defaultExecutablePath": "app", "workingDirectory": "Echo", "arguments": ["--x", "%QueueSuffix%", "%Unset%"]},
                "enableProxyingHttpRequest": true, "initializationTimeout": "00:00:07"
              }
            }
            """);
        var host = Read().Host;
        Assert.Equal(("app", "--x tests ", Path.Combine(app.Folder, "Echo")), (host.Executable, host.Arguments, host.WorkingDirectory));
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromMinutes(30), "api"), (host.InitializationTimeout, host.FunctionTimeout, host.RoutePrefix));
    }

    [Fact]
    public void A_function_timeout_of_minus_one_is_none()
    {
        app.Write("host.json", """{"functionTimeout": "-1", "customHandler": {"description": {"defaultExecutablePath": "app"}, "enableForwardingHttpRequest": true}}""");
        Assert.Equal(Timeout.InfiniteTimeSpan, Read().Host.FunctionTimeout);
    }

    [Theory]
    [InlineData("host.json", "{", "host.json cannot be read")]
    [InlineData("host.json", """{"version": "2.0"}""", "defaultExecutablePath is missing")]
    [InlineData("host.json", """{"customHandler": {"description": {"defaultExecutablePath": "x"}}}""", "enableProxyingHttpRequest or enableForwardingHttpRequest must be true")]
    [InlineData("host.json", """{"functionTimeout": "99999999.00:00:00", "customHandler": {"description": {"defaultExecutablePath": "x"}, "enableForwardingHttpRequest": true}}""", "host.json cannot be read")]
    [InlineData("host.json", """{"functionTimeout": "100.00:00:00", "customHandler": {"description": {"defaultExecutablePath": "x"}, "enableForwardingHttpRequest": true}}""", "is not a time above zero")]
    [InlineData("TICK/function.json", """{"bindings": [{"type": "timerTrigger", "name": "t", "schedule": "0 0 0 1 1 *"}]}""", "more than one function of a name: TICK, Tick")]
    [InlineData("Tick/function.json", "[]", "function.json cannot be used")]
    [InlineData("Tick/function.json", """{"bindings": []}""", "it must have exactly one trigger")]
    [InlineData("Tick/function.json", """{"bindings": [{"type": "timerTrigger", "name": "t", "schedule": "%Nope%"}]}""", "schedule names the setting Nope, which is not set")]
    public void What_is_wrong_is_said_in_one_line(string file, string text, string expected)
    {
        app.Write(file, text);
        var refusal = Assert.Throws<CannotStartException>(() => Read());
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("Tick/function.json", """{"bindings": [{"type": "timerTrigger", "name": "t", "schedule": "every day"}]}""", "The timer Tick has no valid schedule")]
    [InlineData("Tick/function.json", """{"bindings": [{"type": "timerTrigger", "name": "t", "schedule": "0 0 0 1 1 *", "runOnStartup": "yes"}]}""", "runOnStartup of the trigger of Tick is not true or false")]
    [InlineData("Item/function.json", """{"bindings": [{"type": "httpTrigger", "name": "r", "methods": "get"}, {"type": "http", "name": "$return"}]}""", "methods of the trigger of Item is not an array of texts")]
    [InlineData("Work/function.json", """{"bindings": [{"type": "serviceBusTrigger", "name": "m", "topicName": "t", "subscriptionName": "s"}]}""", "names no queue")]
    [InlineData("Item/function.json", """{"bindings": [{"type": "httpTrigger", "name": "r", "route": "a/{b"}, {"type": "http", "name": "$return"}]}""", "Item has a route that is not valid")]
    [InlineData("Item/function.json", """{"bindings": [{"type": "httpTrigger", "name": "r"}]}""", "Item has bindings besides httpTrigger and http")]
    public async Task What_no_part_of_the_platform_can_serve_is_refused_at_start(string file, string text, string expected)
    {
        var spoilt = new HandlerApp();
        spoilt.Write(file, text);
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => TestPlatform.Start(spoilt));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        spoilt.Dispose();
    }

    [Fact]
    public async Task A_function_that_nothing_triggers_here_is_named_at_start()
    {
        var odd = new HandlerApp();
        odd.Write("Odd/function.json", """{"bindings": [{"type": "blobTrigger", "name": "b", "path": "in/{name}"}]}""");
        await using var platform = await TestPlatform.Start(odd);
        Assert.Equal("Odd never runs here: no part of this platform serves a blobTrigger.", platform.Error.ToString().Trim());
    }

    private FunctionAppFolder Read(params (string, string)[] environment) => FunctionAppFolder.Read(
        app.Folder,
        new AppSettings(
            new Dictionary<string, string>(StringComparer.Ordinal),
            app.Folder,
            new Hashtable(environment.ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal)),
            new Dictionary<string, string>(StringComparer.Ordinal)));
}
