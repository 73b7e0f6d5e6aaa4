using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hexabase.Local.Cosmos;

/// <summary>Keeps a query inside one partition, which the service does by a header that the emulator does not look at.</summary>
internal static partial class PartitionedQuery
{
    /// <summary>What the added condition compares with.</summary>
    private const string Parameter = "@partition_of_the_request";

    private const int RegexMilliseconds = 1_000;

    /// <summary>A query in its envelope, <c>{"query":…,"parameters":[…]}</c>, with one more condition; UTF-8.</summary>
    /// <param name="path">Names of the partition key property, outermost first.</param>
    /// <param name="partition">Its value.</param>
    public static byte[] Restrict(JsonElement query, IReadOnlyList<string> path, JsonElement partition)
    {
        if (query.ValueKind != JsonValueKind.Object || !query.TryGetProperty("query", out var sql) || sql.ValueKind != JsonValueKind.String)
            throw new MalformedRequestException("A query has its text in query.");
        var parameters = query.TryGetProperty("parameters", out var given) && given.ValueKind == JsonValueKind.Array ? JsonArray.Create(given)! : [];
        parameters.Add(new JsonObject { ["name"] = Parameter, ["value"] = JsonSerializer.SerializeToNode(partition) });
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["query"] = Restrict(sql.GetString()!, path), ["parameters"] = parameters });
    }

    /// <summary>The query with one more condition. A text that is no query is left for the emulator to refuse.</summary>
    internal static string Restrict(string sql, IReadOnlyList<string> path)
    {
        var words = TopLevelWords(sql).ToList();
        if (Find("FROM") is not { } from || Collection().Match(sql, from.Index) is not { Success: true } collection)
            return sql;
        var alias = collection.Groups["alias"] is { Success: true } named ? named.Value : collection.Groups["name"].Value;
        var condition = $"{alias}{string.Concat(path.Select(name => $"[\"{name}\"]"))} = {Parameter}";
        var end = (Find("GROUP") ?? Find("ORDER") ?? Find("OFFSET"))?.Index ?? sql.Length;
        return Find("WHERE") is { } where
            ? $"{sql[..where.Index]}WHERE ({sql[(where.Index + where.Length)..end]}) AND {condition} {sql[end..]}"
            : $"{sql[..end]} WHERE {condition} {sql[end..]}";

        Match? Find(string keyword) => words.Find(w => w.Value.Equals(keyword, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Words outside of texts and brackets that are neither properties nor parameters.</summary>
    private static IEnumerable<Match> TopLevelWords(string sql)
    {
        var depth = 0;
        foreach (var token in Tokens().Matches(sql).AsEnumerable())
        {
            depth += token.Groups["open"].Length - token.Groups["close"].Length;
            if (depth == 0 && token.Groups["word"].Success)
                yield return token;
        }
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [.@]\s*\w+ | (?<open>[(\[{]) | (?<close>[)\]}]) | (?<word>\w+)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        RegexMilliseconds)]
    private static partial Regex Tokens();

    [GeneratedRegex(
        @"\GFROM\s+(?<name>\w+)(?:\s+AS\s+(?<alias>\w+)|\s+(?!WHERE\b|ORDER\b|GROUP\b|OFFSET\b|JOIN\b)(?<alias>\w+))?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        RegexMilliseconds)]
    private static partial Regex Collection();
}
