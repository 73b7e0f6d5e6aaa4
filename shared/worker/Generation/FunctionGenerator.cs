using System.Reflection;
using System.Text.Json;
using Hexabase.Worker.Discovery;

namespace Hexabase.Worker.Generation;

/// <summary>
/// Writes the folders <c>{FunctionName}/function.json</c> that tell the host of the app's functions. The build runs the app with
/// <c>--generate-functions DIR</c> for it.
/// </summary>
public static class FunctionGenerator
{
    private const string Option = "--generate-functions";
    private const string FileName = "function.json";

    /// <summary>
    /// True when the app was started only to generate: everything is done and the process is to end with <paramref name="exitCode"/>.
    /// Problems go to standard error in the form that MSBuild shows as errors.
    /// </summary>
    public static bool TryRun(string[] args, Assembly[] functions, out int exitCode)
    {
        exitCode = 0;
        if (args is not [Option, var directory])
            return false;
        try
        {
            Generate(FunctionCatalog.Of(functions), directory);
        }
        catch (InvalidFunctionsException e)
        {
            foreach (var problem in e.Problems)
                Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName} : error FUNCTION: {problem}");
            exitCode = 1;
        }
        return true;
    }

    /// <summary>Writes what differs, and removes what an earlier run wrote for functions that are no more.</summary>
    public static void Generate(FunctionCatalog functions, string directory)
    {
        ArgumentNullException.ThrowIfNull(functions);
        foreach (var function in functions.Functions)
        {
            var folder = Directory.CreateDirectory(Path.Combine(directory, function.Name));
            WriteIfDifferent(Path.Combine(folder.FullName, FileName), FunctionJson.Of(function));
        }
        var names = functions.Functions.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in new DirectoryInfo(directory).GetDirectories())
            if (!names.Contains(folder.Name) && IsGenerated(Path.Combine(folder.FullName, FileName)))
                folder.Delete(recursive: true);
    }

    private static void WriteIfDifferent(string path, byte[] content)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            File.WriteAllBytes(path, content);
    }

    private static bool IsGenerated(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("generatedBy", out var by) && by.ValueKind == JsonValueKind.String
                && by.ValueEquals(FunctionJson.Generator);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
