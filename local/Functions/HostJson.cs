using System.Globalization;
using System.Text.Json;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Functions;

/// <summary>What the platform heeds of an app's <c>host.json</c>.</summary>
/// <param name="Executable">As written: a file relative to the app folder if there is one, else looked up on PATH.</param>
/// <param name="Arguments">Joined with spaces, <c>%NAME%</c> expanded; unset names are empty.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="InitializationTimeout">How long a start may take until the first answer.</param>
/// <param name="FunctionTimeout">How long one invocation may take; infinite for <c>"-1"</c>.</param>
/// <param name="RoutePrefix">Before every HTTP route; empty for none.</param>
/// <param name="Root">The whole file, for the parts that have a section of their own in it.</param>
public sealed record HostJson(
    string Executable,
    string Arguments,
    string WorkingDirectory,
    TimeSpan InitializationTimeout,
    TimeSpan FunctionTimeout,
    string RoutePrefix,
    JsonElement Root)
{
    /// <summary>What timers can wait.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);
    private static readonly TimeSpan DefaultInitializationTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultFunctionTimeout = TimeSpan.FromMinutes(30);

    /// <exception cref="CannotStartException">It is missing, is not JSON or does not describe a custom handler that gets HTTP requests as they are.</exception>
    public static HostJson Read(string appFolder, AppSettings settings)
    {
        var file = Path.Combine(appFolder, "host.json");
        if (!File.Exists(file))
            throw new CannotStartException($"There is no host.json in {appFolder}: build the function app, or name its folder with --app.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), LenientJson.Options);
            return Read(document.RootElement, appFolder, settings);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new CannotStartException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static HostJson Read(JsonElement root, string appFolder, AppSettings settings)
    {
        if (Find(root, "customHandler", "description", "defaultExecutablePath") is not { } executable)
            throw new FormatException("customHandler.description.defaultExecutablePath is missing.");
        var handler = root.GetProperty("customHandler");
        if (!IsTrue(handler, "enableProxyingHttpRequest") && !IsTrue(handler, "enableForwardingHttpRequest"))
            throw new FormatException("customHandler.enableProxyingHttpRequest or enableForwardingHttpRequest must be true.");
        var description = handler.GetProperty("description");
        var arguments = description.TryGetProperty("arguments", out var list) ? list.EnumerateArray().Select(a => a.GetString()!) : [];
        return new HostJson(
            executable.GetString()!,
            settings.Expand(string.Join(' ', arguments), out _),
            Path.GetFullPath(Find(description, "workingDirectory")?.GetString() ?? "", appFolder),
            Duration(Find(handler, "initializationTimeout"), DefaultInitializationTimeout),
            Duration(Find(root, "functionTimeout"), DefaultFunctionTimeout),
            Find(root, "extensions", "http", "routePrefix")?.GetString() ?? "api",
            root.Clone());
    }

    private static JsonElement? Find(JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
                return null;
        return from;
    }

    private static bool IsTrue(JsonElement from, string name) => Find(from, name) is { ValueKind: JsonValueKind.True };

    private static TimeSpan Duration(JsonElement? element, TimeSpan whenAbsent) => element?.GetString() switch
    {
        null => whenAbsent,
        "-1" => Timeout.InfiniteTimeSpan,
        var text => TimeSpan.Parse(text, CultureInfo.InvariantCulture) is var time && time > TimeSpan.Zero && time <= Longest
            ? time
            : throw new FormatException($"{text} is not a time above zero and up to {Longest.Days} days."),
    };
}
