using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>What is in <c>error</c> of an answer, or is the last error of an intent (stripe-rest.md, section 1).</summary>
internal sealed record StripeError(
    string Type,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeclineCode = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Param = null)
{
    public static StripeError Card(string code, string message, string? declineCode = null) => new("card_error", message, code, declineCode);
}

/// <summary>A call is refused and changes nothing.</summary>
internal sealed class StripeRefusal(int status, StripeError error) : Exception(error.Message)
{
    public StripeReply Reply => StripeReply.Error(status, error);

    public static StripeRefusal Invalid(string? code, string message, string? param = null, int status = StatusCodes.Status400BadRequest) =>
        new(status, new StripeError("invalid_request_error", message, code, Param: param));

    /// <param name="param">The parameter that named it; null when the address did.</param>
    public static StripeRefusal Missing(string what, string id, string? param) => Invalid(
        "resource_missing", $"No such {what}: '{id}'", param, param is null ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);

    /// <summary>For what Stripe can and this cannot: better said than done half.</summary>
    public static StripeRefusal NotSimulated(string what, string param) => Invalid("not_simulated", $"The simulator does not know {what}.", param);
}

/// <summary>The answer to a call.</summary>
/// <param name="IsReplayed">It was given before, under the same key.</param>
internal sealed record StripeReply(int Status, string Json, bool IsReplayed = false)
{
    public static StripeReply Error(int status, StripeError error, params ReadOnlySpan<(string Name, JsonNode Object)> about)
    {
        var body = StripeRendering.ToJson(error);
        foreach (var (name, node) in about)
            body[name] = node;
        return new StripeReply(status, new JsonObject { ["error"] = body }.ToJsonString(StripeJson.Options));
    }
}
