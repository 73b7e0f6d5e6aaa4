using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Hexabase.Worker.Discovery;

/// <summary>What functions must keep to among each other.</summary>
internal static class FunctionConflicts
{
    private const string AnyMethod = "*";

    /// <summary>One sentence for each pair or group that contradicts itself. Every function keeps to <see cref="FunctionRules"/>.</summary>
    public static IEnumerable<string> Among(IReadOnlyList<FunctionDescriptor> functions) =>
        SameName(functions).Concat(SameRoute(functions)).Concat(OpenToTheOutside(functions));

    private static IEnumerable<string> SameName(IReadOnlyList<FunctionDescriptor> functions) =>
        from same in functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
        where same.Count() > 1
        select $"{string.Join(" and ", same)} have the same name.";

    private static IEnumerable<string> SameRoute(IReadOnlyList<FunctionDescriptor> functions)
    {
        foreach (var same in functions.Where(f => f.HttpRoute is not null).GroupBy(f => Shape(f.HttpRoute!), StringComparer.OrdinalIgnoreCase))
        {
            var list = same.ToArray();
            for (var i = 0; i < list.Length; i++)
                for (var j = i + 1; j < list.Length; j++)
                    if (Methods(list[i]) is var a && Methods(list[j]) is var b && (a.Contains(AnyMethod) || b.Contains(AnyMethod) || a.Overlaps(b)))
                        yield return $"{list[i]} and {list[j]} answer the same method on the same route.";
        }
    }

    /// <summary>
    /// The host posts envelopes to <c>/{FunctionName}</c> and forwards HTTP requests by their path: an HTTP function whose route covers
    /// such a path would let the outside run a function that trusts its caller.
    /// </summary>
    private static IEnumerable<string> OpenToTheOutside(IReadOnlyList<FunctionDescriptor> functions) =>
        from http in functions
        where http.HttpRoute is not null && Methods(http) is var methods && (methods.Contains(AnyMethod) || methods.Contains("POST"))
        let matcher = new TemplateMatcher(TemplateParser.Parse(http.HttpRoute!), [])
        from other in functions
        where other.HttpRoute is null && matcher.TryMatch($"/{other.Name}", [])
        select $"The route of {http} lets outside callers post to /{other.Name}, where the host runs {other}.";

    private static HashSet<string> Methods(FunctionDescriptor function) =>
        function.Trigger is HttpTriggerAttribute { Methods: { Count: > 0 } methods }
            ? methods.ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [AnyMethod];

    /// <summary>The route without the names of its parameters, which do not tell two routes apart.</summary>
    private static string Shape(string route) =>
        string.Join('/', RoutePatternFactory.Parse(route).PathSegments.Select(s => string.Concat(s.Parts.Select(Shape))));

    private static string Shape(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "*" : "")}{string.Concat(parameter.ParameterPolicies.Select(p => $":{p.Content}"))}}}",
        _ => part.ToString()!,
    };
}
