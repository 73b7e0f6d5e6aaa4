using System.Collections;
using System.Globalization;
using System.Text;

namespace Hexabase.Adapters.Stripe;

/// <summary>
/// Parameters as Stripe reads them (stripe-rest.md, section 1): <c>a[b]=1</c>, lists as <c>items[0][price]=…</c>, booleans in words. Its
/// text is <c>application/x-www-form-urlencoded</c>, for a body or a query. What is null is left out; an empty text clears a field.
/// </summary>
internal sealed class StripeForm : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> fields = [];

    /// <exception cref="ArgumentException">A name is empty or has a bracket, which would be read as another name.</exception>
    public void Add(string name, string? value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny('[', ']'))
            throw new ArgumentException($"A parameter cannot be called '{name}'.", nameof(name));
        if (value is not null)
            fields.Add(new(name, value));
    }

    public void Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, bool value) => Add(name, value ? "true" : "false");

    public void Add(string name, StripeForm value)
    {
        foreach (var (inner, text) in value.fields)
        {
            var end = inner.IndexOf('[', StringComparison.Ordinal) is var bracket and >= 0 ? bracket : inner.Length;
            fields.Add(new($"{name}[{inner[..end]}]{inner[end..]}", text));
        }
    }

    public void Add(string name, IReadOnlyList<StripeForm> values)
    {
        var list = new StripeForm();
        for (var i = 0; i < values.Count; i++)
            list.Add(i.ToString(CultureInfo.InvariantCulture), values[i]);
        Add(name, list);
    }

    public void Add(string name, IReadOnlyList<string> values)
    {
        var list = new StripeForm();
        for (var i = 0; i < values.Count; i++)
            list.Add(i.ToString(CultureInfo.InvariantCulture), values[i]);
        Add(name, list);
    }

    /// <summary>These and one more.</summary>
    public StripeForm With(string name, string value)
    {
        var more = new StripeForm();
        more.fields.AddRange(fields);
        more.Add(name, value);
        return more;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return text.ToString();
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
