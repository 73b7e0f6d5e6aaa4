using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Which objects a query or another object means.</summary>
internal static class Selectors
{
    /// <summary>Of a query: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
    /// <exception cref="KubernetesError">It is none.</exception>
    public static Func<KubeObject, bool> ForLabels(string selector)
    {
        var terms = Split(selector).Select(LabelTerm).ToList();
        return item => terms.TrueForAll(term => term(item.Labels));
    }

    /// <summary>Of a query: <c>spec.nodeName=n1,status.phase!=Running</c>.</summary>
    /// <exception cref="KubernetesError">It is none.</exception>
    public static Func<KubeObject, bool> ForFields(string selector)
    {
        var terms = Split(selector).Select(FieldTerm).ToList();
        return item => terms.TrueForAll(term => term(item));
    }

    /// <summary>
    /// A selector as deployments have it: matchLabels and matchExpressions, all of them. Without either it means everything.
    /// </summary>
    public static bool Matches(JsonNode? selector, JsonNode? labels) =>
        selector.Map("matchLabels").All(wanted => labels.Text(wanted.Key) == wanted.Value)
        && selector.Items("matchExpressions").All(e => Matches(e, labels.Text(e.Text("key") ?? "")));

    /// <summary>A plain map of labels, as services and nodes are selected by.</summary>
    public static bool MatchesMap(IEnumerable<(string Key, string Value)> wanted, JsonNode? labels) =>
        wanted.All(w => labels.Text(w.Key) == w.Value);

    private static bool Matches(JsonObject expression, string? value)
    {
        var values = (expression["values"] as JsonArray)?.Select(v => v.Text()).ToList() ?? [];
        return expression.Text("operator") switch
        {
            "In" => value is not null && values.Contains(value, StringComparer.Ordinal),
            "NotIn" => value is null || !values.Contains(value, StringComparer.Ordinal),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }

    private static Func<JsonNode?, bool> LabelTerm(string term)
    {
        if (term.EndsWith(')') && term.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
        {
            var values = term[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            return term[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                [var key, "in"] => labels => labels.Text(key) is { } value && values.Contains(value, StringComparer.Ordinal),
                [var key, "notin"] => labels => labels.Text(key) is not { } value || !values.Contains(value, StringComparer.Ordinal),
                _ => throw NotASelector(term),
            };
        }
        if (term.Contains('='))
        {
            var (key, isEqual, wanted) = Comparison(term);
            return labels => labels.Text(key) == wanted == isEqual;
        }
        return term.StartsWith('!') ? labels => labels.Text(term[1..].Trim()) is null : labels => labels.Text(term) is not null;
    }

    private static Func<KubeObject, bool> FieldTerm(string term)
    {
        if (!term.Contains('='))
            throw NotASelector(term);
        var (field, isEqual, wanted) = Comparison(term);
        var path = field.Split('.');
        var isKnown = path is ["metadata", "name" or "namespace"] or ["spec", "nodeName"] or ["status", "phase"] or ["involvedObject", _]
            or ["reason"] or ["type"];
        if (!isKnown)
            throw KubernetesError.BadRequest($"field label not supported: {field}");
        return item => (item.Body.Text(path) ?? "") == wanted == isEqual;
    }

    private static (string Key, bool IsEqual, string Value) Comparison(string term)
    {
        var sign = term.IndexOf('=', StringComparison.Ordinal);
        var isEqual = sign == 0 || term[sign - 1] != '!';
        var key = term[..(isEqual ? sign : sign - 1)].Trim();
        return key == "" ? throw NotASelector(term) : (key, isEqual, term[(sign + 1)..].TrimStart('=').Trim());
    }

    /// <summary>At the commas outside parentheses.</summary>
    private static IEnumerable<string> Split(string selector)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= selector.Length; i++)
        {
            if (i == selector.Length || (selector[i] == ',' && depth == 0))
            {
                if (selector[start..i].Trim() is { Length: > 0 } term)
                    yield return term;
                start = i + 1;
            }
            else
            {
                depth += selector[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }

    private static KubernetesError NotASelector(string term) => KubernetesError.BadRequest($"unable to parse requirement: {term}");
}
