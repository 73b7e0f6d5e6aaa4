using System.Text.Json;
using System.Text.RegularExpressions;
using Hexabase.Local.Timers;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hexabase.Tests.Publish;

/// <summary>
/// What the Azure host demands of <c>function.json</c>: the sheets of custom handlers, section 4, and of Durable, sections 2 and 3; names
/// and reserved routes as in <c>WebJobs.Script</c>. Stricter in one thing: what the host would only ignore is a problem too.
/// </summary>
internal static partial class FunctionRules
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch", "head", "options"];

    /// <summary>First segments that the host serves itself.</summary>
    private static readonly string[] ReservedRoutes = ["admin", "runtime"];

    private static readonly Dictionary<string, BindingRule> Bindings = new(StringComparer.Ordinal)
    {
        ["httpTrigger"] = new("in", Required: [], Optional:
        [
            new("authLevel", OneOf("anonymous", "function", "admin")),
            new("methods", methods => methods.ValueKind == JsonValueKind.Array && methods.EnumerateArray().All(OneOf(Methods))),
            new("route", IsRoute),
        ]),
        ["http"] = new("out", Required: [], Optional: []),
        ["timerTrigger"] = new("in", Required: [new("schedule", IsSchedule)], Optional: [new("runOnStartup", IsSwitch), new("useMonitor", IsSwitch)]),
        ["serviceBusTrigger"] = new(
            "in",
            Required: [new("queueName", text => Matches(text, QueueName())), new("connection", text => Matches(text, SettingName()))],
            Optional:
            [
                new("isSessionsEnabled", IsSwitch),
                new("cardinality", OneOf("one", "many")),
                new("dataType", OneOf("string", "binary", "stream")),

                // A handler cannot settle by itself: false would leave every message locked.
                new("autoCompleteMessages", value => value.ValueKind == JsonValueKind.True),
            ]),
        ["orchestrationTrigger"] = new("in", Required: [], Optional: [new("orchestration", IsText)]),
        ["activityTrigger"] = new("in", Required: [], Optional: [new("activity", IsText)]),
    };

    /// <summary>What is wrong with one file, in words; nothing when the host takes it.</summary>
    public static IEnumerable<string> Problems(string function, JsonElement file)
    {
        if (!FunctionName().IsMatch(function))
            yield return "its name is no function's";
        foreach (var key in file.EnumerateObject())
            if (key.Name is not ("bindings" or "generatedBy"))
                yield return $"{key.Name} is not known";
        if (!file.TryGetProperty("bindings", out var bindings) || bindings.ValueKind != JsonValueKind.Array)
        {
            yield return "bindings is missing";
            yield break;
        }
        var types = string.Join('+', bindings.EnumerateArray().Select(TypeOf));
        if (types is not ("httpTrigger+http" or "timerTrigger" or "serviceBusTrigger" or "orchestrationTrigger" or "activityTrigger"))
            yield return $"'{types}' is neither one trigger nor a trigger of HTTP and its answer, which alone is forwarded";
        foreach (var problem in bindings.EnumerateArray().Where(b => Bindings.ContainsKey(TypeOf(b))).SelectMany(b => OfBinding(b, Bindings[TypeOf(b)])))
            yield return problem;
    }

    /// <summary>What is wrong with them among each other.</summary>
    public static IEnumerable<string> Collisions(IReadOnlyDictionary<string, JsonElement> files)
    {
        foreach (var same in files.Keys.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"{string.Join(" and ", same)} have one name";
        var calls =
            from file in files
            from binding in file.Value.GetProperty("bindings").EnumerateArray()
            where TypeOf(binding) == "httpTrigger"
            from method in binding.TryGetProperty("methods", out var methods) ? methods.EnumerateArray().Select(m => m.GetString()!) : Methods
            let route = binding.TryGetProperty("route", out var given) ? given.GetString()! : file.Key
            group file.Key by $"{method} {Shape(route)}";
        foreach (var same in calls.Where(call => call.Count() > 1))
            yield return $"{string.Join(" and ", same)} answer {same.Key}";
    }

    private static IEnumerable<string> OfBinding(JsonElement binding, BindingRule rule)
    {
        if (!OneOf(rule.Direction)(Value(binding, "direction")))
            yield return $"the direction of a {TypeOf(binding)} is {rule.Direction}";
        if (!Matches(Value(binding, "name"), BindingName()))
            yield return $"a {TypeOf(binding)} has no name that a binding may have";
        foreach (var key in rule.Required)
            if (!binding.TryGetProperty(key.Name, out _))
                yield return $"{key.Name} of a {TypeOf(binding)} is missing";
        foreach (var given in binding.EnumerateObject().Where(given => given.Name is not ("type" or "direction" or "name")))
        {
            if (rule.Required.Concat(rule.Optional).FirstOrDefault(key => key.Name == given.Name) is not { } key)
                yield return $"{given.Name} of a {TypeOf(binding)} is not known";
            else if (!key.Allows(given.Value))
                yield return $"{given.Name} of a {TypeOf(binding)} cannot be {given.Value}";
        }
    }

    private static string TypeOf(JsonElement binding) => Value(binding, "type") is { ValueKind: JsonValueKind.String } type ? type.GetString()! : "";

    private static JsonElement Value(JsonElement binding, string key) => binding.TryGetProperty(key, out var value) ? value : default;

    private static Func<JsonElement, bool> OneOf(params string[] texts) =>
        value => value.ValueKind == JsonValueKind.String && texts.Contains(value.GetString(), StringComparer.Ordinal);

    private static bool IsSwitch(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsText(JsonElement value) => value is { ValueKind: JsonValueKind.String } && value.GetString()!.Length > 0;

    private static bool Matches(JsonElement value, Regex pattern) => IsText(value) && pattern.IsMatch(value.GetString()!);

    private static bool IsSchedule(JsonElement value)
    {
        try
        {
            return IsText(value) && TimerSchedule.Parse(value.GetString()!) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsRoute(JsonElement value)
    {
        try
        {
            return IsText(value) && RoutePatternFactory.Parse(value.GetString()!).RawText is { } route
                && route[0] != '/' && !ReservedRoutes.Contains(route.Split('/')[0], StringComparer.OrdinalIgnoreCase);
        }
        catch (RoutePatternException)
        {
            return false;
        }
    }

    /// <summary>The route without the names of its parameters, which do not tell two routes apart.</summary>
    private static string Shape(string route) => ParameterName().Replace(route, "{").ToUpperInvariant();

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]{0,127}\z(?<!\Ahost)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"\A([a-zA-Z][a-zA-Z0-9]{0,127}|\$return)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex BindingName();

    /// <summary>Of an entity of Service Bus.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._/-]{0,258}[A-Za-z0-9_])?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex QueueName();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SettingName();

    [GeneratedRegex(@"\{\**[A-Za-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ParameterName();

    private sealed record BindingRule(string Direction, BindingKey[] Required, BindingKey[] Optional);

    private sealed record BindingKey(string Name, Func<JsonElement, bool> Allows);
}
