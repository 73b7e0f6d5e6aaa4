using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// How every call of the simulated API goes: secret key and version checked, what is due let happen, a fault that waits for the call met,
/// the idempotency key heeded, and the operation done in one transaction with the record of its answer (stripe-rest.md, section 1).
/// </summary>
/// <param name="secretKey">The only one there is.</param>
internal sealed class StripeApi(SqliteDatabase database, StripeClock clock, StripeFaults faults, TimeProvider time, string secretKey)
{
    /// <summary>Where the API is on the platform.</summary>
    public const string Base = "/simulators/stripe";

    /// <summary>The call that a card's own fault befalls.</summary>
    private const string FirstPayment = "POST /v1/subscriptions";

    private const string Version = "2026-10-28.endive";
    private const int LargestBody = 64 * 1024;
    private const int LongestKey = 255;

    /// <summary>Seconds that keys are remembered; Stripe promises no more.</summary>
    private const long KeepKeys = 24 * 60 * 60;

    private static readonly StripeReply ServerError = StripeReply.Error(
        StatusCodes.Status500InternalServerError, new StripeError("api_error", "An unknown error occurred."));

    private static readonly StripeReply RateLimited = StripeReply.Error(
        StatusCodes.Status429TooManyRequests, new StripeError("invalid_request_error", "Too many requests.", "rate_limit"));

    private readonly ConcurrentDictionary<string, bool> inUse = new(StringComparer.Ordinal);

    /// <summary>Answers a call that only reads.</summary>
    public Task Read(HttpContext http, Func<StripeCall, StripeReply> operation) => Respond(http, async (parameters, fault, ct) =>
    {
        await Delay(fault, ct);
        return Failed(fault) ?? database.Read(session => Run(session, http, parameters, operation));
    });

    /// <summary>Answers a call that changes something; with an <c>Idempotency-Key</c>, once.</summary>
    public Task Change(HttpContext http, Func<StripeCall, StripeReply> operation) => Respond(http, async (parameters, fault, ct) =>
    {
        await Delay(fault, ct);
        return await database.Write(session => Once(session, KeyOf(http), $"{CallOf(http)}?{parameters.Canonical}", Do), ct);

        StripeReply Do(SqliteSession session)
        {
            if (fault?.Kind == FaultKind.Error500)
                return ServerError;
            try
            {
                var reply = Run(session, http, parameters, operation);
                return Failed(fault) ?? reply;
            }
            catch (StripeRefusal refusal)
            {
                session.Undo();
                return refusal.Reply;
            }
        }
    });

    public Task NotFound(HttpContext http) => Respond(http, (_, _, _) => throw StripeRefusal.Invalid(
        null, $"Unrecognized request URL ({CallOf(http)}).", status: StatusCodes.Status404NotFound));

    /// <summary>Lets happen what is due by now.</summary>
    public async Task Settle(CancellationToken ct)
    {
        var now = clock.Now;
        if (database.Read(session => new StripeObjects(session, now).Due<Subscription>().Count) == 0)
            return;
        await database.Write(session =>
        {
            Subscriptions.Settle(new StripeObjects(session, now));
            return true;
        }, ct);
    }

    private async Task Respond(HttpContext http, Func<StripeParameters, Fault?, CancellationToken, Task<StripeReply>> answer)
    {
        StripeReply? reply;
        try
        {
            reply = await Answer(http, answer);
        }
        catch (StripeRefusal refusal)
        {
            reply = refusal.Reply;
        }
        if (reply is null)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = "application/json";
        http.Response.Headers["Request-Id"] = StripeObjects.NewId("req_");
        if (reply.IsReplayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        await http.Response.WriteAsync(reply.Json, http.RequestAborted);
    }

    /// <summary>Null when the caller gets none.</summary>
    private async Task<StripeReply?> Answer(HttpContext http, Func<StripeParameters, Fault?, CancellationToken, Task<StripeReply>> answer)
    {
        var ct = http.RequestAborted;
        RefuseStrangers(http.Request);
        var parameters = StripeParameters.Parse(await ReadText(http.Request, ct));
        await Settle(ct);
        var key = KeyOf(http);
        if (key.Length > LongestKey)
            throw StripeRefusal.Invalid(null, $"Idempotency keys have up to {LongestKey} characters.");
        if (key.Length > 0 && !inUse.TryAdd(key, true))
        {
            throw new StripeRefusal(StatusCodes.Status409Conflict, new StripeError(
                "idempotency_error", "There is another in-progress request using this idempotency key.", "idempotency_key_in_use"));
        }
        try
        {
            return await MeetFault(http, parameters, answer, ct);
        }
        finally
        {
            inUse.TryRemove(key, out _);
        }
    }

    private async Task<StripeReply?> MeetFault(
        HttpContext http,
        StripeParameters parameters,
        Func<StripeParameters, Fault?, CancellationToken, Task<StripeReply>> answer,
        CancellationToken ct)
    {
        var call = CallOf(http);
        var fault = await faults.Take(call, call == FirstPayment ? parameters.Text("default_payment_method") : null, clock.Now, ct);
        if (fault?.Kind == FaultKind.DropBefore)
            return null;
        if (fault?.Kind == FaultKind.Error429)
            return RateLimited;
        var reply = await answer(parameters, fault, ct);
        return fault?.Kind == FaultKind.DropAfter ? null : reply;
    }

    /// <summary>Gives the answer that is recorded for a key, or records one; what was refused for its parameters never began.</summary>
    private StripeReply Once(SqliteSession session, string key, string call, Func<SqliteSession, StripeReply> work)
    {
        if (key.Length == 0)
            return work(session);
        var fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(call)));
        var now = clock.Now;
        var recorded = session.First(
            "select fingerprint, status, body from stripe_idempotency where key = $1 and created_at > $2",
            ((string Fingerprint, StripeReply Reply)?)null,
            row => (row.GetString(0), new StripeReply(row.GetInt32(1), row.GetString(2), IsReplayed: true)),
            key,
            now - KeepKeys);
        if (recorded is not null)
        {
            return recorded.Value.Fingerprint == fingerprint
                ? recorded.Value.Reply
                : throw new StripeRefusal(StatusCodes.Status400BadRequest, new StripeError(
                    "idempotency_error",
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."));
        }
        var reply = work(session);
        if (reply.Status is StatusCodes.Status200OK or StatusCodes.Status402PaymentRequired or >= 500)
        {
            session.Execute("delete from stripe_idempotency where created_at <= $1", now - KeepKeys);
            session.Execute(
                "insert or replace into stripe_idempotency (key, fingerprint, status, body, created_at) values ($1, $2, $3, $4, $5)",
                key,
                fingerprint,
                reply.Status,
                reply.Json,
                now);
        }
        return reply;
    }

    private StripeReply Run(
        SqliteSession session, HttpContext http, StripeParameters parameters, Func<StripeCall, StripeReply> operation)
    {
        var id = (string?)http.GetRouteValue("id") ?? "";
        var reply = operation(new StripeCall(new StripeObjects(session, clock.Now), parameters, id, parameters.Texts("expand")));
        parameters.RefuseUnknown();
        return reply;
    }

    private Task Delay(Fault? fault, CancellationToken ct) =>
        fault is { Kind: FaultKind.Delay, DelayMs: var delay } ? Task.Delay(TimeSpan.FromMilliseconds(delay), time, ct) : Task.CompletedTask;

    private static StripeReply? Failed(Fault? fault) => fault?.Kind is FaultKind.Error500 or FaultKind.Error500After ? ServerError : null;

    private void RefuseStrangers(HttpRequest request)
    {
        var given = Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes($"Bearer {secretKey}")))
            throw StripeRefusal.Invalid(null, "Invalid API Key provided.", status: StatusCodes.Status401Unauthorized);
        if (request.Headers["Stripe-Version"] != Version)
            throw StripeRefusal.Invalid(null, $"The simulator speaks Stripe-Version {Version} only.");
    }

    private static async Task<string> ReadText(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method))
            return request.QueryString.Value ?? "";
        var body = await request.BodyReader.ReadAtLeastAsync(LargestBody + 1, ct);
        var text = body.Buffer.Length <= LargestBody ? Encoding.UTF8.GetString(body.Buffer) : null;
        request.BodyReader.AdvanceTo(body.Buffer.End);
        return text
            ?? throw StripeRefusal.Invalid(null, $"The body is over {LargestBody} bytes.", status: StatusCodes.Status413PayloadTooLarge);
    }

    /// <summary>Empty when there is none.</summary>
    private static string KeyOf(HttpContext http) => http.Request.Headers["Idempotency-Key"].ToString();

    /// <summary>Such as <c>POST /v1/customers</c>.</summary>
    private static string CallOf(HttpContext http) => $"{http.Request.Method} {http.Request.Path.Value![Base.Length..]}";
}
