using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>A private copy of the small Node app in handler/, to run and to spoil.</summary>
internal sealed class HandlerApp : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <param name="settings">Into its local.settings.json.</param>
    public HandlerApp(params IEnumerable<(string Name, string Value)> settings)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Handler, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(Repository.Handler, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TickSchedule"] = "0 0 0 1 1 *",
            ["QueueSuffix"] = "tests",
            ["HANDLER_RECORD"] = Record,
        };
        foreach (var (name, value) in settings)
            values[name] = value;
        Write("local.settings.json", JsonSerializer.Serialize(new { Values = values }));
    }

    public string Folder => folder.Path;

    private string Record => Path.Combine(Folder, "record.jsonl");

    /// <summary>The envelope calls it got so far.</summary>
    public IReadOnlyList<JsonNode> Calls => File.Exists(Record) ? [.. File.ReadAllLines(Record).Select(line => JsonNode.Parse(line)!)] : [];

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, file))!);
        File.WriteAllText(Path.Combine(Folder, file), text);
    }

    /// <summary>Changes one of its JSON files.</summary>
    public void Change(string file, Action<JsonNode> change)
    {
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
        change(root);
        Write(file, root.ToJsonString());
    }

    public void Dispose() => folder.Dispose();
}
