using System.Text.Json;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Adapters.Stripe;

/// <summary>
/// An object of an answer, read strictly: a field that is missing or of another kind is a <see cref="PaymentsException"/> that names it.
/// </summary>
/// <param name="place">Where it stands, for that message.</param>
internal sealed class StripeObject(JsonElement json, string place)
{
    /// <summary>The whole answer to a call.</summary>
    /// <exception cref="PaymentsException">It is no JSON object.</exception>
    public static StripeObject Parse(ReadOnlyMemory<byte> body, string call)
    {
        try
        {
            var root = JsonElement.Parse(body.Span);
            return root.ValueKind == JsonValueKind.Object ? new StripeObject(root, call) : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new PaymentsException($"The answer to {call} is no JSON object.");
        }
    }

    public string Text(string name) => TextOrNull(name) ?? throw Lacks(name, "text");

    public string? TextOrNull(string name) => Field(name) switch
    {
        { ValueKind: JsonValueKind.String } value => ReadText(name, value),
        null => null,
        _ => throw Lacks(name, "text"),
    };

    public long Whole(string name) => WholeOrNull(name) ?? throw Lacks(name, "whole number");

    public long? WholeOrNull(string name) => Field(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        null => null,
        _ => throw Lacks(name, "whole number"),
    };

    public bool Flag(string name) =>
        Field(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : throw Lacks(name, "true or false");

    /// <summary>Of Unix seconds.</summary>
    public DateTimeOffset Time(string name)
    {
        var seconds = Whole(name);
        return seconds is >= 0 and <= LatestTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw Lacks(name, "time");
    }

    public StripeObject Object(string name) => ObjectOrNull(name) ?? throw Lacks(name, "object");

    public StripeObject? ObjectOrNull(string name) => Field(name) switch
    {
        { ValueKind: JsonValueKind.Object } value => new StripeObject(value, $"{place}: {name}"),
        null => null,
        _ => throw Lacks(name, "object"),
    };

    /// <summary>The objects of a list, which Stripe wraps: <c>{"object":"list","data":[…]}</c>.</summary>
    public IReadOnlyList<StripeObject> List(string name) => Object(name).Data();

    /// <summary>The objects of this list.</summary>
    public IReadOnlyList<StripeObject> Data()
    {
        if (Field("data") is not { ValueKind: JsonValueKind.Array } data)
            throw Lacks("data", "list");
        return [.. data.EnumerateArray().Select((item, i) =>
            item.ValueKind == JsonValueKind.Object ? new StripeObject(item, $"{place}: data[{i}]") : throw Lacks($"data[{i}]", "object"))];
    }

    private const long LatestTime = 253_402_300_799; // 9999-12-31T23:59:59Z

    /// <summary>Null when it is not there or null.</summary>
    private JsonElement? Field(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string ReadText(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Lacks(name, "text"); // Half a surrogate pair.
        }
    }

    private PaymentsException Lacks(string name, string kind) => new($"{place}: there is no {kind} at '{name}'.");
}
