using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>
/// Whether an answer to an envelope call means success, by the rules of the Functions host: only 2xx with a JSON object does. An empty
/// 2xx, on which Azure would hang until the timeout, is a failure at once.
/// </summary>
internal static class Answer
{
    /// <param name="response">Its headers read, its body not yet.</param>
    /// <param name="log">Gets the lines of the answer's <c>Logs</c>.</param>
    public static async Task<InvocationResult> Read(HttpResponseMessage response, Action<string> log, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
            return new($"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase}).");
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (body.Length == 0)
            return new("The answer is empty: Azure would wait for it until the function timeout. Answer at least {}.");
        if (response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/json"))
            return new($"The answer is not application/json but {response.Content.Headers.ContentType?.MediaType ?? "of no type"}.");
        try
        {
            using var json = JsonDocument.Parse(body, JsonText.OfAnswers);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Read(json.RootElement, log)
                : new($"The answer is not a JSON object but {json.RootElement.ValueKind}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text with half a surrogate pair
        {
            return new($"The answer is not JSON: {e.Message}");
        }
    }

    private static InvocationResult Read(JsonElement answer, Action<string> log)
    {
        ReadOnlyMemory<byte> returned = default;
        foreach (var property in answer.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (property.Name.Equals("ReturnValue", StringComparison.OrdinalIgnoreCase))
                returned = JsonMarshal.GetRawUtf8Value(property.Value).ToArray();
            if (!property.Name.Equals("Logs", StringComparison.OrdinalIgnoreCase))
                continue;
            if (property.Value.ValueKind != JsonValueKind.Array)
                return new("The answer's Logs is not an array.");
            foreach (var line in property.Value.EnumerateArray())
                log(line.ToString());
        }
        return new InvocationResult { ReturnValue = returned };
    }
}
