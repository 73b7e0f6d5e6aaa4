using System.Net;
using System.Text;
using System.Text.Json;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>The Status object by which the cluster refuses a call, also made up from an answer that has none.</summary>
/// <param name="Reason">A word of the API such as <c>Forbidden</c>.</param>
internal sealed record ClusterStatus(string? Kind, string? Status, string? Message, string? Reason, StatusDetails? Details = null)
{
    public const string AlreadyExists = "AlreadyExists";
    public const string Conflict = "Conflict";

    private const int LongestText = 500;

    /// <summary>Null unless the body is a Status that says no: a proxy in between, or an app behind one, answers what it likes.</summary>
    public static ClusterStatus? TryRead(ReadOnlyMemory<byte> body)
    {
        try
        {
            return KubernetesJson.Read<ClusterStatus>(body) is { Kind: "Status", Status: "Failure" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a refusal says, whoever it is from.</summary>
    public static ClusterStatus Read(HttpStatusCode code, ReadOnlyMemory<byte> body) => TryRead(body)
        ?? new ClusterStatus(Kind: null, Status: null, Text(body), code.ToString());

    public ClusterException ToException(string call) => new(Reason ?? "Unknown", $"{call}: {Message}");

    private static string Text(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        return text.Length <= LongestText ? text : text[..LongestText];
    }
}

internal sealed record StatusDetails(int? RetryAfterSeconds = null);
