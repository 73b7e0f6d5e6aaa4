using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Operations;

/// <summary>
/// What earlier versions have stored and sent is read by this one, and written again without loss: the rules of docs/schema-changes.md.
/// <c>samples/{type}.{n}.json</c> are its documents, messages and orchestration inputs and outputs as the versions so far write them, the newest
/// with the highest n.
/// </summary>
public sealed class StoredShapesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Hexabase.Tests", "Operations", "samples");

    private static readonly JsonSerializerOptions Readable = new(StoredTypes.Json) { WriteIndented = true };

    public static TheoryData<string> Types => [.. StoredTypes.All.Select(type => type.Name)];

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Folder, "*.*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Types_that_are_stored_are_found_and_have_names_of_their_own()
    {
        string[] known =
            ["Run", "Quota", "Upgrade", "Downgrade", "NodeOrder", "EmailLookup", "OutboxEntry", "JobMessage", "SloHour", "ProvisionNodeInput"];
        Assert.Subset(StoredTypes.All.Select(type => type.Name).ToHashSet(StringComparer.Ordinal), known.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(StoredTypes.All.Count, StoredTypes.All.Select(type => type.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, MemberData(nameof(Types))]
    public void What_this_version_writes_has_a_sample(string type)
    {
        var present = Specimen.Of(TypeOf(type));
        var newest = Versions(type).LastOrDefault();
        if (newest is not null && JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(newest)), present))
            return;
        var number = 1 + (newest is null ? 0 : NumberOf(newest));
        Assert.Fail(
            $"The shape of {type} has changed. Read docs/schema-changes.md, and if old and new version can read each other's, keep the sample "
            + $"that is there and add {type}.{number}.json:\n{present.ToJsonString(Readable)}");
    }

    [Theory, MemberData(nameof(Samples))]
    public void What_earlier_versions_wrote_is_read_and_written_again_without_loss(string file)
    {
        var type = TypeOf(file.Split('.')[0]);
        var stored = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
        var again = JsonSerializer.SerializeToNode(stored.Deserialize(type, StoredTypes.Json), type, StoredTypes.Json);
        Assert.Null(FirstLoss(stored, again, file));
    }

    [Fact]
    public void Every_value_of_an_enumeration_that_was_ever_stored_is_known_and_every_one_that_is_known_is_listed()
    {
        var present = StoredTypes.Enums.ToDictionary(type => type.Name, WordsOf);
        var listed = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(Folder, "enums.json")))!;
        foreach (var (name, values) in listed)
            Assert.Subset(present[name].ToHashSet(StringComparer.Ordinal), values.ToHashSet(StringComparer.Ordinal));
        Assert.True(
            present.All(type => type.Value.All(value => listed.GetValueOrDefault(type.Key, []).Contains(value))),
            "A value is new: an older version cannot read it. Read docs/schema-changes.md, and list it in enums.json:\n"
            + JsonSerializer.Serialize(present, Readable));
    }

    /// <summary>Where the second lacks something of the first, or has another value there; null when all is there.</summary>
    private static string? FirstLoss(JsonNode? was, JsonNode? now, string path) => (was, now) switch
    {
        (JsonObject before, JsonObject after) =>
            before.Select(member => FirstLoss(member.Value, after[member.Key], $"{path} {member.Key}")).FirstOrDefault(loss => loss is not null),
        (JsonArray before, JsonArray after) when before.Count == after.Count =>
            before.Zip(after).Select(pair => FirstLoss(pair.First, pair.Second, path)).FirstOrDefault(loss => loss is not null),
        _ => JsonNode.DeepEquals(was, now) ? null : $"{path}: {was?.ToJsonString()} has become {now?.ToJsonString() ?? "nothing"}",
    };

    private static IReadOnlyList<string> WordsOf(Type type) =>
        [.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type, StoredTypes.Json).GetString()!)];

    private static Type TypeOf(string name) => StoredTypes.All.SingleOrDefault(type => type.Name == name)
        ?? throw new InvalidOperationException($"No {name} is stored any more: delete its samples when none is stored either.");

    private static IEnumerable<string> Versions(string type) => Directory.GetFiles(Folder, $"{type}.*.json").OrderBy(NumberOf);

    private static int NumberOf(string file) => int.Parse(Path.GetFileName(file).Split('.')[1], CultureInfo.InvariantCulture);
}
