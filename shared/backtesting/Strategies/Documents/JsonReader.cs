using System.Text.Json;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>
/// Takes one JSON object apart, property by property, and notes whatever is missing, of the wrong kind, out of range or never
/// asked for. Reading goes on after that, so that all errors are found.
/// </summary>
internal sealed class JsonReader
{
    private readonly string path;
    private readonly List<StrategyError> errors;
    private readonly Dictionary<string, JsonElement> properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public JsonReader(JsonElement value, string path, List<StrategyError> errors)
    {
        this.path = path;
        this.errors = errors;
        IsObject = value.ValueKind == JsonValueKind.Object;
        if (!IsObject)
        {
            errors.Add(new StrategyError(path, null, "expected an object"));
            return;
        }
        foreach (var property in value.EnumerateObject())
        {
            if (NameOrNull(property) is not { } name)
                errors.Add(new StrategyError(path, null, "a property name is not valid Unicode"));
            else if (!properties.TryAdd(name, property.Value))
                errors.Add(new StrategyError(PathOf(name), null, "is there twice"));
        }
    }

    /// <summary>False when the value is something else, which is noted.</summary>
    public bool IsObject { get; }

    /// <summary>The names of all properties, in the order of the document.</summary>
    public IEnumerable<string> Names => properties.Keys;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public void Refuse(string name, string reason) => errors.Add(new StrategyError(PathOf(name), null, reason));

    /// <summary>The value of a property; null when it is absent.</summary>
    public JsonElement? Optional(string name)
    {
        taken.Add(name);
        return properties.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>The object under a property; null when it is absent.</summary>
    public JsonReader? OptionalObject(string name) => Optional(name) is { } value ? new JsonReader(value, PathOf(name), errors) : null;

    /// <summary>A text that the document must have; null when it has none, which is noted.</summary>
    public string? Text(string name)
    {
        if (!properties.ContainsKey(name))
            Refuse(name, "is missing");
        return OptionalText(name);
    }

    /// <summary>The same, held against a rule.</summary>
    public string Text(string name, Func<string, bool> isGood, string expected)
    {
        var text = Text(name);
        if (text is not null && !isGood(text))
            Refuse(name, $"expected {expected}");
        return text ?? "";
    }

    /// <summary>Null when it is absent, and when it is no text, which is noted.</summary>
    public string? OptionalText(string name) => Optional(name) is { } value ? AsText(name, value) : null;

    /// <summary>A number that the document must have.</summary>
    public double Number(string name, double min, double max) => RequiredNumber(name, min, max) ?? min;

    /// <summary>The same, held against a rule.</summary>
    public double Number(string name, double min, double max, Func<double, bool> isGood, string expected)
    {
        var number = RequiredNumber(name, min, max);
        if (number is { } given && !isGood(given))
            Refuse(name, $"expected {expected}");
        return number ?? min;
    }

    /// <summary>Null when it is absent, and when it is no such number, which is noted.</summary>
    public double? OptionalNumber(string name, double min, double max) =>
        OptionalNumber(name, number => number >= min && number <= max, FormattableString.Invariant($"from {min} to {max}"));

    /// <summary>The same for a number above 0.</summary>
    public double? OptionalPositive(string name, double max) =>
        OptionalNumber(name, number => number > 0 && number <= max, FormattableString.Invariant($"above 0, at most {max}"));

    public bool OptionalFlag(string name)
    {
        if (Optional(name) is not { } value)
            return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Refuse(name, "expected true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>Notes every property that nothing has asked for.</summary>
    public void RefuseTheRest()
    {
        foreach (var name in properties.Keys.Where(name => !taken.Contains(name)))
            Refuse(name, $"is unknown; known here are {string.Join(", ", taken.Order(StringComparer.Ordinal))}");
    }

    /// <summary>The text of a value; null when it is none, which is noted.</summary>
    public string? AsText(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name, "expected a text");
            return null;
        }
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Refuse(name, "is not valid Unicode");
            return null;
        }
    }

    private double? RequiredNumber(string name, double min, double max)
    {
        if (!properties.ContainsKey(name))
            Refuse(name, "is missing");
        return OptionalNumber(name, min, max);
    }

    private double? OptionalNumber(string name, Func<double, bool> isInRange, string range)
    {
        if (Optional(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && isInRange(number))
            return number;
        Refuse(name, $"expected a number {range}");
        return null;
    }

    private static string? NameOrNull(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
