using System.Text.Json.Serialization;
using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>What can go wrong between a client and Stripe.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>Answered with 500, which is recorded under the call's key; nothing happened.</summary>
    [JsonStringEnumMemberName("error500")]
    Error500,

    /// <summary>Answered with 500, which is recorded under the call's key, although it has happened.</summary>
    [JsonStringEnumMemberName("error500_after")]
    Error500After,

    /// <summary>Answered with 429; nothing happened.</summary>
    [JsonStringEnumMemberName("error429")]
    Error429,

    /// <summary>The connection closes; nothing happened.</summary>
    [JsonStringEnumMemberName("drop_before")]
    DropBefore,

    /// <summary>It happens, then the connection closes.</summary>
    [JsonStringEnumMemberName("drop_after")]
    DropAfter,

    /// <summary>It happens later; its key is in use meanwhile.</summary>
    [JsonStringEnumMemberName("delay")]
    Delay,
}

/// <summary>A fault that waits for its calls.</summary>
/// <param name="Match">Method and path, such as <c>POST /v1/subscriptions</c>; a star at the end stands for any rest.</param>
/// <param name="Times">How many calls it befalls; it is gone after the last.</param>
/// <param name="DelayMs">Of a delay.</param>
internal sealed record Fault(string Match, FaultKind Kind, int Times, int DelayMs)
{
    /// <param name="call">Method and path.</param>
    public bool Befalls(string call) => Match.EndsWith('*')
        ? call.StartsWith(Match[..^1], StringComparison.Ordinal)
        : call == Match;
}

/// <summary>The faults that wait.</summary>
internal sealed class StripeFaults(SqliteDatabase database)
{
    private const int DelayOfCards = 5_000;

    public IReadOnlyList<Fault> List() => database.Read(session => Read(session).Select(stored => stored.Fault).ToList());

    public Task Add(Fault fault, CancellationToken ct) => database.Write(
        session => session.Execute(
            "insert into stripe_faults (match, kind, times, delay_ms) values ($1, $2, $3, $4)",
            fault.Match,
            fault.Kind.ToString(),
            fault.Times,
            fault.DelayMs),
        ct);

    public Task Clear(CancellationToken ct) => database.Write(session => session.Execute("delete from stripe_faults"), ct);

    /// <summary>The fault that befalls this call, if any, which has then happened once more: one that waits for it, or its card's.</summary>
    /// <param name="methodId">The payment method of the call; null when it names none.</param>
    public async Task<Fault?> Take(string call, string? methodId, long now, CancellationToken ct)
    {
        return database.Read(session => Find(session) is not null) ? await database.Write(TakeOne, ct) : null;

        Fault? Find(SqliteSession session) =>
            Read(session).Select(stored => stored.Fault).FirstOrDefault(fault => fault.Befalls(call)) ?? OfCard(session, methodId, now)?.Fault;

        Fault? TakeOne(SqliteSession session)
        {
            if (Read(session).FirstOrDefault(stored => stored.Fault.Befalls(call)) is (var number, { } fault))
            {
                session.Execute("update stripe_faults set times = times - 1 where number = $1", number);
                session.Execute("delete from stripe_faults where times = 0");
                return fault;
            }
            if (OfCard(session, methodId, now) is not (var method, { } ofCard))
                return null;
            new StripeObjects(session, now).Save(method with { SimulatedFaultOver = true });
            return ofCard;
        }
    }

    private static (PaymentMethod Method, Fault Fault)? OfCard(SqliteSession session, string? methodId, long now) =>
        methodId is not null
        && new StripeObjects(session, now).Find<PaymentMethod>(methodId) is { SimulatedFaultOver: false } method
        && TestCards.Find(method.SimulatedToken)?.Fault is { } kind
            ? (method, new Fault("", kind, 1, DelayOfCards))
            : null;

    private static IReadOnlyList<(long Number, Fault Fault)> Read(SqliteSession session) => session.Query(
        "select number, match, kind, times, delay_ms from stripe_faults order by number",
        row => (row.GetInt64(0), new Fault(row.GetString(1), Enum.Parse<FaultKind>(row.GetString(2)), row.GetInt32(3), row.GetInt32(4))));
}
