using System.Net.Http.Headers;
using System.Text;
using Hexabase.Domain;
using Hexabase.Domain.Billing.Payments;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Stripe;

/// <summary>
/// Calls of Stripe's HTTP API: version pinned, each POST with a key, tried again where that can help. Logs carry method, path, status and
/// Stripe's <c>Request-Id</c>; never parameters, answers or the secret key.
/// </summary>
/// <param name="http">Made by <see cref="NewHttpClient"/>.</param>
/// <param name="chance">Numbers from 0 to 1, for <see cref="StripeRetry.Delay"/>.</param>
internal sealed partial class StripeClient(HttpClient http, TimeProvider clock, Func<double> chance, ILogger log)
{
    /// <summary>The version that this was written from.</summary>
    public const string Version = "2026-10-28.endive";

    private const int MaxAnswerBytes = 4 * 1024 * 1024;
    private const string PageSize = "100";

    /// <summary>Keys that one call may have spent by the errors it gets, so that an outage does not use them all up.</summary>
    private const int MostSpentAtOnce = 2;

    /// <summary>Of one try. A payment that takes longer is not lost: the next try finds its key in use and then its answer.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>To be kept for the life of the app.</summary>
    public static HttpClient NewHttpClient(StripeSettings settings) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        BaseAddress = settings.BaseUrl,
        MaxResponseContentBufferSize = MaxAnswerBytes,
        Timeout = Timeout,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", settings.SecretKey),
            UserAgent = { new ProductInfoHeaderValue("hexabase", "1") },
        },
    };

    /// <param name="path">Relative to the base address.</param>
    /// <exception cref="DependencyUnavailableException">No answer, or only errors, also after retries.</exception>
    public Task<StripeAnswer> Get(string path, StripeForm query, CancellationToken ct) => Call(HttpMethod.Get, path, query, ct);

    /// <inheritdoc cref="Get"/>
    public Task<StripeAnswer> Delete(string path, CancellationToken ct) => Call(HttpMethod.Delete, path, query: [], ct);

    /// <summary>Every object of a list.</summary>
    /// <inheritdoc cref="Get"/>
    /// <exception cref="PaymentsException">The call was refused.</exception>
    public async Task<IReadOnlyList<StripeObject>> List(string path, StripeForm query, CancellationToken ct)
    {
        var all = new List<StripeObject>();
        var page = query = query.With("limit", PageSize);
        while (true)
        {
            var answer = (await Get(path, page, ct)).Require();
            var objects = answer.Data();
            all.AddRange(objects);
            if (!answer.Flag("has_more") || objects.Count == 0)
                return all;
            page = query.With("starting_after", objects[^1].Text("id"));
        }
    }

    /// <summary>A call whose effect may be had again should its keys be spent.</summary>
    /// <inheritdoc cref="PostOnce(string, string, string, Func{Task{ValueTuple{StripeObject, StripeForm}}}, CancellationToken)"/>
    public Task<StripeAnswer> PostOnce(string path, StripeForm form, string key, string call, CancellationToken ct) =>
        PostOnce(path, key, call, () => Task.FromResult<(StripeObject?, StripeForm?)>((null, form)), ct);

    /// <summary>
    /// A call that must have its effect once. Before it uses a key it looks whether the effect is there, for Stripe forgets keys after a day
    /// and keeps an error of its own under a key whether or not something came of the call.
    /// </summary>
    /// <param name="look">What is there already, or else what to send.</param>
    /// <exception cref="DependencyUnavailableException">No answer, or only errors: to be repeated with the same key.</exception>
    public async Task<StripeAnswer> PostOnce(
        string path, string key, string call, Func<Task<(StripeObject? Present, StripeForm? Form)>> look, CancellationToken ct)
    {
        var spentNow = 0;
        foreach (var once in StripeKeys.Of(key, call))
        {
            var (present, form) = await look();
            if (present is not null)
                return new StripeAnswer.Done(present, IsReplayed: false);
            var (answer, tries) = await Try(HttpMethod.Post, path, form!, once, ct);
            if (!answer.IsSpent)
                return answer;
            if (tries > 1 && ++spentNow == MostSpentAtOnce)
                break;
        }
        throw new DependencyUnavailableException($"Stripe answers POST {path} with errors of its own.");
    }

    private async Task<StripeAnswer> Call(HttpMethod method, string path, StripeForm query, CancellationToken ct) =>
        (await Try(method, path, query, key: null, ct)).Answer;

    /// <returns>The first answer that another try would not better, and how many tries it took.</returns>
    private async Task<(StripeAnswer Answer, int Tries)> Try(
        HttpMethod method, string path, StripeForm form, string? key, CancellationToken ct)
    {
        for (var retry = 0; ; retry++)
        {
            if (retry > 0)
                await Task.Delay(StripeRetry.Delay(retry, chance()), clock, ct);
            var isLast = retry == StripeRetry.MostRetries;
            try
            {
                using var request = NewRequest(method, path, form, key);
                using var response = await http.SendAsync(request, ct);
                var answer = await Read(response, $"{method} {path}", ct);
                var (status, code) = ((int)response.StatusCode, (answer as StripeAnswer.Failed)?.Error.Code);
                if (answer.IsSpent || !StripeRetry.IsTransient(status, code))
                    return (answer, retry + 1);
                if (isLast || !StripeRetry.IsWorthAnother(status, code, Header(response, "Stripe-Should-Retry")))
                    throw new DependencyUnavailableException($"Stripe answered {method} {path} with {status}.");
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
            {
                throw new PaymentsException($"The answer to {method} {path} is over the size limit.");
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                LogNoAnswer(log, method, path, e.Message);
                if (isLast)
                    throw new DependencyUnavailableException($"Stripe did not answer {method} {path}.", e);
            }
        }
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, string path, StripeForm form, string? key)
    {
        var text = form.ToString();
        var isPost = method == HttpMethod.Post;
        var request = new HttpRequestMessage(method, new Uri(isPost || text.Length == 0 ? path : $"{path}?{text}", UriKind.Relative));
        request.Headers.Add("Stripe-Version", Version);
        if (isPost)
        {
            request.Content = new StringContent(text, Encoding.ASCII, "application/x-www-form-urlencoded");
            request.Headers.Add("Idempotency-Key", key);
        }
        return request;
    }

    private async Task<StripeAnswer> Read(HttpResponseMessage response, string call, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var isReplayed = Header(response, "Idempotent-Replayed") == "true";
        var requestId = Header(response, "Request-Id");
        LogAnswer(log, response.IsSuccessStatusCode ? LogLevel.Information : LogLevel.Warning, call, status, requestId);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        return response.IsSuccessStatusCode
            ? new StripeAnswer.Done(StripeObject.Parse(body, call), isReplayed)
            : new StripeAnswer.Failed(call, status, ReadError(body, call), isReplayed);
    }

    /// <summary>A proxy on the way answers errors in a form of its own; the status says enough then.</summary>
    private static StripeError ReadError(byte[] body, string call)
    {
        try
        {
            return StripeError.Read(StripeObject.Parse(body, call).Object("error"));
        }
        catch (PaymentsException)
        {
            return StripeError.Unreadable;
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    [LoggerMessage(Message = "Stripe answered {Call} with {Status}, request {RequestId}")]
    private static partial void LogAnswer(ILogger log, LogLevel level, string call, int status, string? requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stripe did not answer {Method} {Path}: {Reason}")]
    private static partial void LogNoAnswer(ILogger log, HttpMethod method, string path, string reason);
}
