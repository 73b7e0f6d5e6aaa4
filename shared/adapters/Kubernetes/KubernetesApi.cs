using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>
/// The API of one cluster (sheet sections 1 and 2). Reading, creating by name, applying and deleting may be repeated, so they are tried up
/// to <see cref="MostTries"/> times while the cluster does not answer or has too much to do; patches are tried once. Thread-safe.
/// </summary>
/// <remarks>
/// Every call throws <see cref="DependencyUnavailableException"/> when there is no answer, and <see cref="ClusterException"/> for a
/// refusal.
/// </remarks>
internal sealed class KubernetesApi : IDisposable
{
    public const int MostTries = 5;

    private const int PageSize = 500;
    private const int LargestAnswer = 64 * 1024 * 1024;
    private const int LargestProbe = 64 * 1024;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Who is asked to wait for longer gives up: what called has its own, longer patience.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClusterConnection connection;
    private readonly TimeProvider clock;
    private readonly HttpClient http;

    public KubernetesApi(ClusterConnection connection, TimeProvider clock)
    {
        this.connection = connection;
        this.clock = clock;
        http = connection.NewHttpClient();
        http.Timeout = Patience;
        http.MaxResponseContentBufferSize = LargestAnswer;
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(Marks.Product, "1"));
    }

    /// <summary>Null when there is none of this name.</summary>
    public async Task<T?> Get<T>(string? ns, string name, CancellationToken ct) where T : class, IKubernetesObject
    {
        var call = new Call(HttpMethod.Get, ApiPath.Of(T.Type, ns, name));
        var answer = await SendRepeatedly(call, ct);
        return answer.Status == HttpStatusCode.NotFound ? null : Read<T>(call, answer.Accepted(call));
    }

    /// <param name="most">No more than so many, the first by name.</param>
    public async Task<IReadOnlyList<T>> List<T>(string ns, ListQuery query, int most, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        var found = new List<T>();
        var (next, hasStartedAgain) = ("", false);
        while (true)
        {
            var from = next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "";
            var call = new Call(HttpMethod.Get, $"{ApiPath.Of(T.Type, ns)}?limit={Math.Min(PageSize, most - found.Count)}{query}{from}");
            var answer = await SendRepeatedly(call, ct);
            if (answer.Status == HttpStatusCode.Gone && !hasStartedAgain)
            {
                // The list that the pages are of is forgotten.
                found.Clear();
                (next, hasStartedAgain) = ("", true);
                continue;
            }
            var page = Read<Page<T>>(call, answer.Accepted(call));
            found.AddRange(page.Items ?? []);
            next = page.Metadata?.Continue ?? "";
            if (next.Length == 0 || found.Count >= most)
                return found;
        }
    }

    /// <summary>Server-side apply: the manifest is all that this product wants of the object.</summary>
    public async Task Apply<T>(T wanted, CancellationToken ct) where T : IKubernetesObject
    {
        var path = ApiPath.Of(T.Type, wanted.Metadata.Namespace, wanted.Metadata.Name);
        var call = new Call(
            HttpMethod.Patch,
            $"{path}?fieldManager={Marks.Product}&force=true&fieldValidation=Strict",
            KubernetesJson.Manifest(wanted),
            "application/apply-patch+yaml");
        (await SendRepeatedly(call, ct)).Accepted(call);
    }

    /// <summary>Makes an object, or leaves the one of its name as it is.</summary>
    public async Task Create<T>(T wanted, CancellationToken ct) where T : IKubernetesObject
    {
        var call = new Call(
            HttpMethod.Post,
            $"{ApiPath.Of(T.Type, wanted.Metadata.Namespace)}?fieldManager={Marks.Product}&fieldValidation=Strict",
            KubernetesJson.Manifest(wanted));
        var answer = await SendRepeatedly(call, ct);
        if (answer.Refusal is not { Reason: ClusterStatus.AlreadyExists })
            answer.Accepted(call);
    }

    /// <summary>Asks for an object's deletion, dependents first; fine when it is gone.</summary>
    public async Task Delete<T>(string? ns, string name, CancellationToken ct) where T : IKubernetesObject
    {
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Foreground" };
        var call = new Call(HttpMethod.Delete, ApiPath.Of(T.Type, ns, name), options);
        var answer = await SendRepeatedly(call, ct);
        if (answer.Status != HttpStatusCode.NotFound)
            answer.Accepted(call);
    }

    /// <summary>A merge patch, whatever there was before.</summary>
    public async Task Patch<T>(string? ns, string name, JsonObject patch, CancellationToken ct, string subresource = "")
        where T : IKubernetesObject
    {
        var call = PatchOf<T>(ns, name, patch, subresource);
        (await Send(call, ct)).Accepted(call);
    }

    /// <summary>Reads an object, decides, and writes only when nobody else has written in between; otherwise decides anew.</summary>
    /// <param name="decide">A merge patch, or null to leave it as it is.</param>
    public async Task Change<T>(string? ns, string name, Func<T, JsonObject?> decide, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var current = await Get<T>(ns, name, ct) ?? throw new ClusterException("NotFound", $"There is no {T.Type.Kind} {ns}/{name}.");
            if (decide(current) is not { } patch)
                return;
            patch["metadata"] ??= new JsonObject();
            patch["metadata"]!["resourceVersion"] = current.Metadata.ResourceVersion;
            var call = PatchOf<T>(ns, name, patch);
            var answer = await Send(call, ct);
            if (answer.Refusal is not { Reason: ClusterStatus.Conflict })
            {
                answer.Accepted(call);
                return;
            }
        }
        throw new DependencyUnavailableException($"{T.Type.Kind} {ns}/{name} is written by others all the time.");
    }

    /// <summary>Asks an app one question through the API server and reads the beginning of what it says, at most so long.</summary>
    public async Task<Probe> Ask(string path, TimeSpan patience, CancellationToken ct)
    {
        var call = new Call(HttpMethod.Get, path);
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var request = await NewRequest(call, ct);
        var started = clock.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await Beginning(response, either.Token);
            var took = clock.GetElapsedTime(started);
            var refusal = ClusterStatus.TryRead(body);

            // These are the API server's own: it has not asked the app.
            if (refusal is not null && response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw refusal.ToException(call.ToString());
            if (refusal is not null && response.StatusCode == HttpStatusCode.TooManyRequests)
                throw new DependencyUnavailableException("The cluster has too much to do.");
            return (int)response.StatusCode < 500
                ? new Probe(Succeeded: true, took)
                : new Probe(Succeeded: false, took, $"{(int)response.StatusCode} {refusal?.Message}".TrimEnd());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Probe(Succeeded: false, clock.GetElapsedTime(started), "no answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(call, e);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        connection.Tokens?.Dispose();
        connection.ClientCertificate?.Dispose();
    }

    private static Call PatchOf<T>(string? ns, string name, JsonObject patch, string subresource = "") where T : IKubernetesObject => new(
        HttpMethod.Patch,
        $"{ApiPath.Of(T.Type, ns, name)}{subresource}?fieldManager={Marks.Product}&fieldValidation=Strict",
        patch,
        "application/merge-patch+json");

    private async Task<Answer> SendRepeatedly(Call call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked = null;
            try
            {
                var answer = await Send(call, ct);
                if (!answer.IsTransient)
                    return answer;
                asked = answer.RetryAfter;
                if (attempt == MostTries || asked > LongestWait)
                    return answer;
            }
            catch (DependencyUnavailableException) when (attempt < MostTries)
            {
                // Tried again.
            }
            var usual = FirstWait * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(asked > usual ? asked.Value : usual, clock, ct);
        }
    }

    /// <summary>One try, and one more with a new token when the cluster does not take the present one.</summary>
    private async Task<Answer> Send(Call call, CancellationToken ct)
    {
        var token = connection.Tokens is null ? null : await connection.Tokens.Get(ct);
        var answer = await SendOnce(call, token, ct);
        if (answer.Status != HttpStatusCode.Unauthorized || token is null)
            return answer;
        connection.Tokens!.Refused(token);
        return await SendOnce(call, await connection.Tokens.Get(ct), ct);
    }

    private async Task<Answer> SendOnce(Call call, string? token, CancellationToken ct)
    {
        try
        {
            using var request = call.NewRequest(token);
            using var response = await http.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return new Answer(response.StatusCode, body, RetryAfter(response.Headers.RetryAfter));
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Unreachable(call, e);
        }
    }

    private async Task<HttpRequestMessage> NewRequest(Call call, CancellationToken ct) =>
        call.NewRequest(connection.Tokens is null ? null : await connection.Tokens.Get(ct));

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - clock.GetUtcNow());

    private static async Task<ReadOnlyMemory<byte>> Beginning(HttpResponseMessage response, CancellationToken ct)
    {
        var body = new byte[LargestProbe];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        return body.AsMemory(0, await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct));
    }

    private static T Read<T>(Call call, ReadOnlyMemory<byte> body)
    {
        try
        {
            return KubernetesJson.Read<T>(body);
        }
        catch (JsonException e)
        {
            throw new DependencyUnavailableException($"{call}: the answer is not the cluster's.", e);
        }
    }

    private static DependencyUnavailableException Unreachable(Call call, Exception e) => new($"{call}: the cluster does not answer.", e);

    /// <param name="Path">With its query.</param>
    private sealed record Call(HttpMethod Method, string Path, JsonObject? Body = null, string ContentType = "application/json")
    {
        public HttpRequestMessage NewRequest(string? token)
        {
            var request = new HttpRequestMessage(Method, new Uri(Path, UriKind.Relative));
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (Body is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
            }
            return request;
        }

        public override string ToString() => $"{Method} {Path.Split('?')[0]}";
    }

    private sealed record Answer(HttpStatusCode Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfterHeader)
    {
        public bool IsTransient => Status is HttpStatusCode.TooManyRequests || (int)Status >= 500;

        /// <summary>Null unless the call was refused.</summary>
        public ClusterStatus? Refusal => (int)Status < 300 ? null : ClusterStatus.Read(Status, Body);

        public TimeSpan? RetryAfter => RetryAfterHeader
            ?? (Refusal?.Details?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        /// <summary>The body of an accepted call.</summary>
        /// <exception cref="DependencyUnavailableException">The cluster could not.</exception>
        /// <exception cref="ClusterException">It would not.</exception>
        public ReadOnlyMemory<byte> Accepted(Call call)
        {
            if (Refusal is not { } refusal)
                return Body;
            throw IsTransient
                ? new DependencyUnavailableException($"{call}: {(int)Status} {refusal.Reason}: {refusal.Message}")
                : refusal.ToException(call.ToString());
        }
    }

    private sealed record Page<T>(PageMetadata? Metadata, IReadOnlyList<T>? Items);

    private sealed record PageMetadata(string? Continue);
}
