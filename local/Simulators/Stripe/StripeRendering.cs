using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// Stored objects as they are answered: ids replaced by their objects where <c>expand[]</c> asks for it, without what only the simulator
/// knows and without what is left out unless it is asked for.
/// </summary>
internal static class StripeRendering
{
    private const int DeepestExpansion = 4;
    private const string OnlyHere = "simulated_";

    public static JsonObject ToJson(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), StripeJson.Options)!.AsObject();

    /// <exception cref="StripeRefusal">A path leads nowhere or too deep.</exception>
    public static JsonObject Render(object value, IReadOnlyList<string> expand, StripeObjects objects)
    {
        var paths = expand.Select(path => path.Split('.')).ToList();
        if (paths.Exists(path => path.Length > DeepestExpansion))
            throw StripeRefusal.Invalid("property_expansion_max_depth", $"You cannot expand more than {DeepestExpansion} levels.", "expand");
        var json = ToJson(value);
        Render(json, paths, objects);
        return json;
    }

    private static void Render(JsonObject json, IReadOnlyList<string[]> paths, StripeObjects objects)
    {
        foreach (var path in paths.Where(path => !json.ContainsKey(path[0])))
            throw StripeRefusal.Invalid(null, $"This property cannot be expanded ({path[0]}).", "expand");
        foreach (var (name, value) in json.ToList())
        {
            var further = paths.Where(path => path[0] == name).Select(path => path[1..]).ToList();
            if (name.StartsWith(OnlyHere, StringComparison.Ordinal) || (IsOnDemand(json, name) && further.Count == 0))
                json.Remove(name);
            else if (value is JsonValue id && further.Count > 0)
                json[name] = Expanded(id, name, further, objects);
            else
                RenderInside(value, further, objects);
        }
    }

    private static void RenderInside(JsonNode? value, IReadOnlyList<string[]> paths, StripeObjects objects)
    {
        List<string[]> further = [.. paths.Where(path => path.Length > 0)];
        if (value is JsonObject inner)
            Render(inner, further, objects);
        else if (value is JsonArray list)
            list.OfType<JsonObject>().ToList().ForEach(item => Render(item, further, objects));
    }

    private static JsonObject Expanded(JsonValue id, string name, IReadOnlyList<string[]> paths, StripeObjects objects)
    {
        var found = id.GetValueKind() == JsonValueKind.String ? objects.FindJson(id.GetValue<string>()) : null;
        if (found is null)
            throw StripeRefusal.Invalid(null, $"This property cannot be expanded ({name}).", "expand");
        RenderInside(found, paths, objects);
        return found;
    }

    private static bool IsOnDemand(JsonObject json, string name) => name == "payments" && json["object"]?.GetValue<string>() == "invoice";
}
