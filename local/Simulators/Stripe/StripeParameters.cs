using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// The parameters of a call: nested names <c>a[b]</c>, lists <c>a[0]</c> or <c>a[]</c>. What nobody reads is unknown, and refused.
/// </summary>
internal sealed class StripeParameters
{
    private readonly Dictionary<string, string> fields;
    private readonly HashSet<string> read;
    private readonly string prefix;

    private StripeParameters(Dictionary<string, string> fields, HashSet<string> read, string prefix) =>
        (this.fields, this.read, this.prefix) = (fields, read, prefix);

    /// <summary>Of a body or a query.</summary>
    /// <exception cref="StripeRefusal">A parameter is given twice.</exception>
    public static StripeParameters Parse(string text)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in QueryHelpers.ParseQuery(text))
        {
            if (name.EndsWith("[]", StringComparison.Ordinal))
            {
                for (var i = 0; i < values.Count; i++)
                    given[$"{name[..^2]}[{i}]"] = values[i] ?? "";
            }
            else
            {
                given[name] = values is [var one] ? one ?? "" : throw StripeRefusal.Invalid(null, $"Parameter given twice: {name}", name);
            }
        }
        return new StripeParameters(given, new HashSet<string>(StringComparer.Ordinal), "");
    }

    /// <summary>All parameters in one order, to tell whether two calls ask for the same.</summary>
    public string Canonical => string.Join('&', fields
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>Null when it is not given or empty.</summary>
    public string? Text(string name)
    {
        read.Add(NameOf(name));
        return fields.TryGetValue(NameOf(name), out var value) && value.Length > 0 ? value : null;
    }

    /// <exception cref="StripeRefusal">It is missing.</exception>
    public string RequiredText(string name) =>
        Text(name) ?? throw StripeRefusal.Invalid("parameter_missing", $"Missing required param: {NameOf(name)}.", NameOf(name));

    /// <summary>One of several words.</summary>
    /// <exception cref="StripeRefusal">It is another.</exception>
    public string Word(string name, string otherwise, params ReadOnlySpan<string> known)
    {
        var word = Text(name) ?? otherwise;
        return known.Contains(word) ? word : throw StripeRefusal.NotSimulated($"{NameOf(name)}={word}", NameOf(name));
    }

    /// <exception cref="StripeRefusal">It is no whole number above zero.</exception>
    public long? Count(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw StripeRefusal.Invalid("parameter_invalid_integer", $"Invalid integer: {text}", NameOf(name));
    }

    /// <exception cref="StripeRefusal">It is neither true nor false.</exception>
    public bool? Flag(string name) => Text(name) switch
    {
        "true" => true,
        "false" => false,
        null => null,
        var text => throw StripeRefusal.Invalid("parameter_invalid_boolean", $"Invalid boolean: {text}", NameOf(name)),
    };

    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        while (Text($"{name}[{texts.Count}]") is { } text)
            texts.Add(text);
        return texts;
    }

    /// <summary>Null when nothing of it is given.</summary>
    public StripeParameters? Inner(string name)
    {
        var start = NameOf(name) + "[";
        return fields.Keys.Any(key => key.StartsWith(start, StringComparison.Ordinal)) ? new StripeParameters(fields, read, NameOf(name)) : null;
    }

    public IReadOnlyList<StripeParameters> List(string name)
    {
        var list = new List<StripeParameters>();
        while (Inner($"{name}[{list.Count}]") is { } item)
            list.Add(item);
        return list;
    }

    /// <summary>What is there with what is given; an empty text takes a key away.</summary>
    public IReadOnlyDictionary<string, string> Metadata(IReadOnlyDictionary<string, string>? present = null)
    {
        var metadata = new Dictionary<string, string>(present ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        var start = NameOf("metadata") + "[";
        foreach (var (name, value) in fields.Where(pair => pair.Key.StartsWith(start, StringComparison.Ordinal)))
        {
            read.Add(name);
            var key = name[start.Length..^1];
            if (key.Length is 0 or > 40 || value.Length > 500)
                throw StripeRefusal.Invalid(null, "Metadata keys have up to 40 characters, values up to 500.", "metadata");
            if (value.Length == 0)
                metadata.Remove(key);
            else
                metadata[key] = value;
        }
        return metadata.Count <= 50 ? metadata : throw StripeRefusal.Invalid(null, "Metadata has up to 50 keys.", "metadata");
    }

    /// <exception cref="StripeRefusal">There is a parameter that was not read.</exception>
    public void RefuseUnknown()
    {
        if (fields.Keys.FirstOrDefault(name => !read.Contains(name)) is { } unknown)
            throw StripeRefusal.Invalid("parameter_unknown", $"Received unknown parameter: {unknown}", unknown);
    }

    /// <summary>With all that it is inside of.</summary>
    public string NameOf(string name)
    {
        if (prefix.Length == 0)
            return name;
        var end = name.IndexOf('[', StringComparison.Ordinal) is var bracket and >= 0 ? bracket : name.Length;
        return $"{prefix}[{name[..end]}]{name[end..]}";
    }
}
