using Hexabase.Durable;
using Hexabase.Sqlite;

namespace Hexabase.Local.Durable;

/// <summary>How instances stand, for who looks from outside, and the end of those that nobody wants to look at any more.</summary>
public sealed class InstanceQueries(SqliteDatabase database)
{
    private const string Columns = "number, id, name, status, input, output, custom_status, created_at, updated_at";
    private const string Characters = "coalesce(length(input), 0) + coalesce(length(output), 0) + coalesce(length(custom_status), 0)";
    private const string Finished = "(1, 3, 4, 5)"; // COMPLETED, FAILED, CANCELED, TERMINATED of OrchestrationStatus
    private const long MostCharacters = 8 * 1024 * 1024; // of a page, or one more instance than that
    private const string Matches = """
        number > $1 and substr(id, 1, length($2)) = $2 and created_at between $3 and $4
        and ($5 is null or instr($5, ',' || status || ','))
        """;

    /// <summary>Null when there is none of this id.</summary>
    public InstanceView? Find(string id) =>
        database.Read(session => session.First($"select {Columns} from durable_instances where id = $1", null, View, id));

    /// <summary>What has happened to an instance, as far as it is stored.</summary>
    public IReadOnlyList<HistoryEvent> History(InstanceView instance) => database.Read(session => session
        .Query(
            "select events from durable_history where instance = $1 order by id",
            row => Execution.Decode(row.GetUtf8(0)),
            instance.Number)
        .SelectMany(events => events)
        .ToList());

    /// <summary>Instances in the order of their starts, at least one as long as there are any, until the page is full.</summary>
    /// <param name="after">Number of the last one of the page before; 0 for the first page.</param>
    public InstancePage List(InstanceFilter filter, long after, int most) => database.Read(session =>
    {
        var sizes = session.Query(
            $"select number, {Characters} from durable_instances where {Matches} order by number limit $6",
            row => (Number: row.GetInt64(0), Characters: row.GetInt64(1)),
            after,
            filter.IdPrefix,
            filter.CreatedFrom.ToUnixTimeMilliseconds(),
            filter.CreatedTo.ToUnixTimeMilliseconds(),
            filter.StatusList,
            most + 1L);
        var (count, characters) = (0, 0L);
        while (count < Math.Min(sizes.Count, most) && characters < MostCharacters)
            characters += sizes[count++].Characters;
        if (count == 0)
            return new InstancePage([], HasMore: false);
        var instances = session.Query(
            $"select {Columns} from durable_instances where {Matches} and number <= $6 order by number",
            View,
            after,
            filter.IdPrefix,
            filter.CreatedFrom.ToUnixTimeMilliseconds(),
            filter.CreatedTo.ToUnixTimeMilliseconds(),
            filter.StatusList,
            sizes[count - 1].Number);
        return new InstancePage(instances, HasMore: count < sizes.Count);
    });

    /// <summary>Deletes a finished instance with its history.</summary>
    public Task<PurgeResult> Purge(string id, CancellationToken ct) => database.Write(session =>
    {
        var found = session.First<(long Number, bool IsFinished)?>(
            $"select number, status in {Finished} from durable_instances where id = $1",
            null,
            row => (row.GetInt64(0), row.GetBoolean(1)),
            id);
        if (found is not { } instance)
            return PurgeResult.NoSuchInstance;
        if (!instance.IsFinished)
            return PurgeResult.NotFinished;
        InstanceRows.Delete(session, instance.Number);
        return PurgeResult.Deleted;
    }, ct);

    /// <summary>Deletes finished instances with their histories.</summary>
    /// <returns>How many.</returns>
    public async Task<int> PurgeAll(InstanceFilter filter, CancellationToken ct)
    {
        const int AtOnce = 100;
        var deleted = 0;
        int last;
        do
        {
            // In several writes, so that others come in between.
            last = await database.Write(session =>
            {
                var numbers = session.Query(
                    $"select number from durable_instances where {Matches} and status in {Finished} order by number limit $6",
                    row => row.GetInt64(0),
                    0L,
                    filter.IdPrefix,
                    filter.CreatedFrom.ToUnixTimeMilliseconds(),
                    filter.CreatedTo.ToUnixTimeMilliseconds(),
                    filter.StatusList,
                    AtOnce);
                foreach (var number in numbers)
                    InstanceRows.Delete(session, number);
                return numbers.Count;
            }, ct);
            deleted += last;
        }
        while (last == AtOnce);
        return deleted;
    }

    private static InstanceView View(SqliteRow row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        (OrchestrationStatus)row.GetInt32(3),
        row.GetFieldValue<string?>(4),
        row.GetFieldValue<string?>(5),
        row.GetFieldValue<string?>(6),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)));
}

/// <summary>An instance as it stands.</summary>
/// <param name="Number">Its place in the order of starts.</param>
/// <param name="Input">JSON; null for none.</param>
/// <param name="Output">JSON of a completed instance, text of one that failed or was terminated; null while it runs.</param>
/// <param name="CustomStatus">JSON; null for none.</param>
public sealed record InstanceView(
    long Number,
    string Id,
    string Name,
    OrchestrationStatus Status,
    string? Input,
    string? Output,
    string? CustomStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public bool IsFinished => Status
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}

/// <param name="HasMore">Whether other instances follow.</param>
public sealed record InstancePage(IReadOnlyList<InstanceView> Instances, bool HasMore);

/// <summary>Which instances are meant: those for which all of it is true.</summary>
/// <param name="CreatedFrom">The earliest start, to the millisecond.</param>
/// <param name="CreatedTo">The latest start, to the millisecond.</param>
/// <param name="Statuses">Null for any.</param>
public sealed record InstanceFilter(
    string IdPrefix, DateTimeOffset CreatedFrom, DateTimeOffset CreatedTo, IReadOnlyList<OrchestrationStatus>? Statuses)
{
    /// <summary>The numbers, each between commas.</summary>
    internal string? StatusList => Statuses is null ? null : $",{string.Join(',', Statuses.Select(s => (int)s))},";
}

/// <summary>What became of a purge.</summary>
public enum PurgeResult
{
    Deleted,
    NoSuchInstance,
    NotFinished,
}
