using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Sqlite;

/// <summary>The table of one container: its schema and every statement on it. Times are Unix milliseconds.</summary>
internal sealed class ContainerTable
{
    private readonly Dictionary<DocumentIndex, string> pagesByIndex;

    public ContainerTable(Container container)
    {
        var name = container.Name;
        Schema =
            $"""
            create table if not exists {name} (
                partition text not null, id text not null, etag integer not null, expires_at integer, body text not null,
                primary key (partition, id));
            create index if not exists {name}_expires_at on {name} (expires_at) where expires_at is not null;
            {string.Concat(container.Indexes.Select(index => IndexSchema(name, index)))}
            """;
        Read = $"select etag, body from {name} where partition = $1 and id = $2 and {Live("$3")}";
        Exists = $"select 1 from {name} where partition = $1 and id = $2 and {Live("$3")}";
        Upsert =
            $"""
            insert into {name} (partition, id, etag, expires_at, body) values ($1, $2, $3, $4, $5)
            on conflict (partition, id) do update set etag = excluded.etag, expires_at = excluded.expires_at, body = excluded.body
            """;
        Create = $"{Upsert} where {name}.expires_at <= $6";
        Replace = $"update {name} set etag = $3, expires_at = $4, body = $5 where partition = $1 and id = $2 and etag = $6 and {Live("$7")}";
        Delete = $"delete from {name} where partition = $1 and id = $2";
        DeleteIf = $"{Delete} and etag = $3 and {Live("$4")}";
        var page = $"select partition, id, etag, body from {name} where partition = $1 and id >= $2 and id < $3 and {Live("$4")} order by id";
        Page = $"{page} limit $5";
        PageDescending = $"{page} desc limit $5";
        Purge =
            $"""
            delete from {name} where (partition, id) in
                (select partition, id from {name} where expires_at <= $1 order by expires_at limit $2)
            """;
        pagesByIndex = container.Indexes.ToDictionary(index => index, index => IndexPage(name, index));
    }

    /// <summary>
    /// Rows lie in the order of partition and id, compared as UTF-8 bytes. The body is text because SQLite's JSON functions,
    /// which the declared indexes are made of, refuse blobs.
    /// </summary>
    public string Schema { get; }

    /// <summary>$1 partition, $2 id, $3 now → etag, body.</summary>
    public string Read { get; }

    /// <summary>$1 partition, $2 id, $3 now → a row when a live document is there.</summary>
    public string Exists { get; }

    /// <summary>$1 partition, $2 id, $3 etag, $4 expires at, $5 body.</summary>
    public string Upsert { get; }

    /// <summary>As <see cref="Upsert"/>, and $6 now; changes nothing when a live document is there.</summary>
    public string Create { get; }

    /// <summary>As <see cref="Upsert"/>, and $6 the etag to be met, $7 now; changes nothing when it is not met.</summary>
    public string Replace { get; }

    /// <summary>$1 partition, $2 id.</summary>
    public string Delete { get; }

    /// <summary>As <see cref="Delete"/>, and $3 the etag to be met, $4 now; changes nothing when it is not met.</summary>
    public string DeleteIf { get; }

    /// <summary>$1 partition, $2 first id, $3 end of ids (not included), $4 now, $5 limit → partition, id, etag, body.</summary>
    public string Page { get; }

    /// <inheritdoc cref="Page"/>
    public string PageDescending { get; }

    /// <summary>$1 now, $2 most rows.</summary>
    public string Purge { get; }

    /// <summary>
    /// $1 highest value, $2 $3 $4 value, partition and id after which the page begins, $5 now, $6 limit → partition, id, etag, body, value.
    /// </summary>
    public string PageByIndex(DocumentIndex index) => pagesByIndex[index];

    private static string Live(string now) => $"(expires_at is null or expires_at > {now})";

    private static string Indexed(DocumentIndex index) => $"json_extract(body, '$.{index.Property}')";

    private static string IndexSchema(string table, DocumentIndex index) =>
        $"create index if not exists {table}_{index.Property} on {table} ({Indexed(index)}, partition, id) where {Indexed(index)} is not null;";

    // SQLite seeks by the plain comparison; the row comparison then drops what the last page has shown of an equal value.
    private static string IndexPage(string table, DocumentIndex index) =>
        $"""
        select partition, id, etag, body, {Indexed(index)} from {table}
        where {Indexed(index)} is not null and {Indexed(index)} <= $1 and {Indexed(index)} >= $2
            and ({Indexed(index)}, partition, id) > ($2, $3, $4) and {Live("$5")}
        order by {Indexed(index)}, partition, id limit $6
        """;
}
