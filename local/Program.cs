using System.CommandLine;
using Hexabase.Local;
using Hexabase.Local.Backup;

var port = new Option<int>("--port")
{
    Description = "Where to serve, on loopback only; 0 takes any free port.",
    DefaultValueFactory = _ => LocalOptions.DefaultPort,
};
var data = new Option<string?>("--data")
{
    Description = $"Where everything is kept that outlives the process: {LocalOptions.DefaultDataFolder}, or with --store cosmos a temporary folder.",
    HelpName = "DIR",
    Recursive = true,
};
data.Validators.Add(given =>
{
    if (given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        given.AddError("--data is blank.");
});
var store = new Option<string>("--store")
{
    Description = "Where the app keeps its documents: sqlite, or cosmos for the Cosmos DB emulator, which keeps nothing when it ends.",
    DefaultValueFactory = _ => "sqlite",
}.AcceptOnlyFromAmong("sqlite", "cosmos");
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
    store,
    noSeed,
    app,
    BackupCommands.Backup(data),
    BackupCommands.Restore(data),
};
command.SetAction((given, ct) => Foreground.Run(
    new LocalOptions
    {
        Port = given.GetValue(port),
        DataFolder = given.GetValue(data),
        Store = given.GetValue(store) == "cosmos" ? DocumentsIn.Cosmos : DocumentsIn.Sqlite,
        Seed = !given.GetValue(noSeed),
        AppFolder = given.GetValue(app)!,
    },
    PlatformConsole.OfThisProcess,
    ct));

var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join(' ', parsed.Errors.Select(e => e.Message).SelectMany(Words)));
    return 1;
}
// Ctrl-C and SIGTERM cancel the token; this is how long stopping the children may take.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20), EnableDefaultExceptionHandler = false });

// A message may have several lines, and what went wrong is one.
static string[] Words(string message) => message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
