using System.CommandLine;
using Hexabase.Local;
using Hexabase.Local.Backup;

var port = new Option<int>("--port")
{
    Description = "Where to serve, on loopback only; 0 takes any free port.",
    DefaultValueFactory = _ => LocalOptions.DefaultPort,
};
var data = new Option<string>("--data")
{
    Description = "Where everything is kept that outlives the process.",
    DefaultValueFactory = _ => LocalOptions.DefaultDataFolder,
    HelpName = "DIR",
    Recursive = true,
};
var noSeed = new Option<bool>("--no-seed") { Description = "Start with an empty store: no built-in strategies and candles." };
var app = new Option<string>("--app")
{
    Description = "Another function app than the one built with this program.",
    DefaultValueFactory = _ => new LocalOptions().AppFolder,
    HelpName = "DIR",
    Hidden = true,
};

var command = new RootCommand("Runs the function app with all it needs on this machine, until Ctrl-C.")
{
    port,
    data,
    noSeed,
    app,
    BackupCommands.Backup(data),
    BackupCommands.Restore(data),
};
command.SetAction((given, ct) => Foreground.Run(
    new LocalOptions
    {
        Port = given.GetValue(port),
        DataFolder = given.GetValue(data)!,
        Seed = !given.GetValue(noSeed),
        AppFolder = given.GetValue(app)!,
    },
    PlatformConsole.OfThisProcess,
    ct));

var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join(' ', parsed.Errors.Select(e => e.Message)));
    return 1;
}
// Ctrl-C and SIGTERM cancel the token; this is how long stopping the children may take.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20), EnableDefaultExceptionHandler = false });
