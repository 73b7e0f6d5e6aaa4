using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hexabase.Tests.Worker;

/// <summary>Writes envelopes by the rules of the Azure host (GetHttpScriptInvocationContextValue, Utility.ApplyBindingData).</summary>
internal static class AsHost
{
    /// <summary>A value that is neither object, bytes nor date: a JSON string that holds its JSON.</summary>
    public static string Twice<T>(T value) => JsonSerializer.Serialize(JsonSerializer.Serialize(value));

    /// <summary>A string that an activity returns, as the Durable extension records it: its JSON, by Newtonsoft's rules of escaping.</summary>
    public static string Recorded(string returned) => JsonSerializer.Serialize(returned, NewtonsoftLike);

    /// <summary>The envelope of one message; <paramref name="metadata"/> maps names to JSON, over what a real message has.</summary>
    public static string Message(string body, params (string Name, string Json)[] metadata)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["DeliveryCount"] = "\"1\"",
            ["EnqueuedTimeUtc"] = "\"2026-01-15T00:00:00\"",
            ["EnqueuedTime"] = "\"2026-01-15T00:00:00+00:00\"",
            ["MessageId"] = Twice("m-1"),
            ["ContentType"] = Twice("application/json"),
            ["SequenceNumber"] = "\"27\"",
            ["Subject"] = Twice("job"),
            ["CorrelationId"] = Twice("c-9"),
            ["ApplicationProperties"] = """{"tenant":"t1","prio":5,"ratio":0.5,"urgent":true,"gone":null}""",
            ["SessionId"] = Twice("tenant-1"),
            ["sys"] = """{"MethodName":"Run","UtcNow":"2026-01-15T00:00:01.2345678Z","RandGuid":"24ad4c06-24ad-4e5b-8294-3da9714877e9"}""",
        };
        foreach (var (name, json) in metadata)
            all[name] = json;
        foreach (var (name, json) in ForgedBy(body))
            all[name] = json;
        return Envelope(Twice(body), all);
    }

    public static string Envelope(string dataJson, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        $$$"""{"Data":{"msg":{{{dataJson}}} },"Metadata":{{{Object(metadata ?? [])}}} }""";

    private static readonly JsonSerializerOptions NewtonsoftLike = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        $"{{{string.Join(',', members.Select(m => $"{JsonSerializer.Serialize(m.Key)}:{m.Value}"))}}}";

    /// <summary>Top-level properties of a body that is an object, except nulls and arrays; scalars become strings.</summary>
    private static IEnumerable<(string Name, string Json)> ForgedBy(string body)
    {
        if (!body.TrimStart().StartsWith('{'))
            return [];
        try
        {
            return from p in JsonNode.Parse(body)!.AsObject()
                   where p.Value is not (null or JsonArray)
                   select (p.Key, p.Value is JsonObject o ? o.ToJsonString() : Twice(p.Value.ToString()));
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
