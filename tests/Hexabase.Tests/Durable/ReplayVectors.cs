using System.Text.Json;
using Google.Protobuf;
using Hexabase.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>Turns of the reference replay engine, which lie beside the repository in <c>../shared/protocols/vectors</c>, where they do.</summary>
internal static class ReplayVectors
{
    private const string Absent = "The replay vectors (../shared/protocols/vectors/durable-replay.json) are not beside the repository.";

    private static readonly string? VectorFile = Find();

    /// <summary>Why they cannot be tested with; null when they can.</summary>
    public static string? Skip { get; } = VectorFile is null ? Absent : null;

    /// <summary>None where they are absent.</summary>
    public static IReadOnlyList<ReplayVector> All { get; } = VectorFile is null ? [] : Parse(VectorFile);

    public static ReplayVector Of(string turn) => All.Single(vector => vector.Turn == turn);

    private static List<ReplayVector> Parse(string file)
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. vectors.RootElement.GetProperty("turns").EnumerateArray().Select(turn => new ReplayVector(
            $"{turn.GetProperty("scenario").GetString()} {turn.GetProperty("turn").GetInt32()}",
            OrchestratorRequest.Parser.ParseFrom(turn.GetProperty("requestBase64").GetBytesFromBase64()),
            [.. turn.GetProperty("expectedActions").EnumerateArray().Select(a => JsonParser.Default.Parse<OrchestratorAction>(a.GetRawText()))],
            turn.GetProperty("responseBase64").GetString()!))];
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "protocols", "vectors", "durable-replay.json");
            if (File.Exists(file))
                return file;
        }
        return null;
    }
}

/// <param name="Turn">Scenario and number of the turn.</param>
/// <param name="Actions">What the response holds.</param>
/// <param name="Response">Base64 of its bytes.</param>
internal sealed record ReplayVector(string Turn, OrchestratorRequest Request, IReadOnlyList<OrchestratorAction> Actions, string Response);

/// <summary>A fact that needs the replay vectors; skipped where they are absent.</summary>
internal sealed class ReplayVectorFactAttribute : FactAttribute
{
    public ReplayVectorFactAttribute() => Skip = ReplayVectors.Skip;
}

/// <summary>A theory that needs the replay vectors; skipped where they are absent.</summary>
internal sealed class ReplayVectorTheoryAttribute : TheoryAttribute
{
    public ReplayVectorTheoryAttribute() => Skip = ReplayVectors.Skip;
}
