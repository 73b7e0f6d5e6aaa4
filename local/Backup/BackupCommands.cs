using System.CommandLine;
using System.Text.Json;
using Azure;
using Hexabase.Local.Companions;
using Hexabase.Sqlite;

namespace Hexabase.Local.Backup;

/// <summary>
/// The commands <c>backup FILE</c> and <c>restore FILE</c>. The exit code is 0 or 1; what went wrong is one line on the error output.
/// </summary>
internal static class BackupCommands
{
    public static Command Backup(Option<string?> data) => New(
        "backup",
        "Saves the whole state in one file, while the platform runs or not.",
        data,
        (package, console, file, folder, ct) => new PlatformBackup(package, console, TimeProvider.System).Take(file, folder, ct));

    public static Command Restore(Option<string?> data) => New(
        "restore",
        "Makes a new data folder of what was saved.",
        data,
        (package, console, file, folder, ct) => new PlatformRestore(package, console, TimeProvider.System).Run(file, folder, ct));

    private static Command New(
        string name,
        string description,
        Option<string?> data,
        Func<NpmPackage, PlatformConsole, string, string, CancellationToken, Task> action)
    {
        var file = new Argument<string>("FILE") { Description = "The backup." };
        file.Validators.Add(given =>
        {
            if (given.Tokens.All(token => string.IsNullOrWhiteSpace(token.Value)))
                given.AddError("FILE is blank.");
        });
        var command = new Command(name, description) { file };
        command.SetAction(async (given, ct) =>
        {
            var console = PlatformConsole.OfThisProcess;
            var package = NpmPackage.Companions(new LocalOptions().NpmFolder, console, TimeProvider.System);
            try
            {
                await action(package, console, given.GetRequiredValue(file), given.GetValue(data) ?? LocalOptions.DefaultDataFolder, ct);
                return 0;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                console.Warn("stopped");
            }
            catch (Exception e) when (e is BackupException or CannotStartException)
            {
                console.Warn(e.Message);
            }
            catch (Exception e) when (
                e is IOException or InvalidDataException or UnauthorizedAccessException or JsonException or SqliteException or NewerSchemaException)
            {
                console.Warn($"The {name} failed: {e.Message}");
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
            {
                console.Warn($"The {name} failed, as Azurite did not do its part: {e.Message.Split('\n')[0]}");
            }
            return 1;
        });
        return command;
    }
}
