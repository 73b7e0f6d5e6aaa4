using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable.Client;

/// <summary>
/// Speaks the HTTP management API of the Durable extension. A call without an answer, or answered with 408, 429 or 5xx, is made again a few
/// times: an event may be raised twice, an orchestration that was finished before its lost answer is found may run twice, and one that
/// was terminated or purged by a lost call is, to the next one, no longer there.
/// </summary>
/// <param name="http">Made by <see cref="NewHttpClient"/>.</param>
internal sealed partial class HttpDurableTaskClient(
    HttpClient http, DurableTaskHost host, JsonSerializerOptions json, TimeProvider clock, ILogger<HttpDurableTaskClient> logger)
    : DurableTaskClient, IDisposable
{
    private const int MostAttempts = 4;
    private const int MostAnswerBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    /// <summary>A client to be kept for the life of the app. It logs no addresses, as the key is in them.</summary>
    public static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = MostAnswerBytes,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? InstanceIds.New();
        InstanceIds.Check(id);
        var isNewId = options?.InstanceId is null;
        var body = input is null ? null : JsonSerializer.Serialize(input, json);
        var path = $"orchestrators/{Segment(orchestratorName)}/{Segment(id)}";
        var mayHaveStarted = false;
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await Try(HttpMethod.Post, path, "", body, cancellation);
            if (answer.IsFinal)
            {
                await answer.Expect(HttpStatusCode.Accepted, cancellation);
                return id;
            }
            mayHaveStarted |= answer.Status != HttpStatusCode.InternalServerError;

            // 500 is also the answer when an instance of this id is running, so what is there tells.
            var found = await GetInstanceAsync(id, getInputsAndOutputs: true, cancellation);
            if (found is not null && (isNewId || (mayHaveStarted && !found.IsFinished && IsSame(found, orchestratorName, body))))
                return id;
            if (found is { IsFinished: false })
                throw new OrchestrationAlreadyExistsException(id);
            if (attempt == MostAttempts)
                throw answer.Failure();
            await Pause(attempt, path, cancellation);
        }
    }

    public override async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        var query = getInputsAndOutputs ? "&showInput=true" : "&showInput=false";
        using var answer = await Send(HttpMethod.Get, $"instances/{Segment(instanceId)}", query, null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        if (answer.Status != HttpStatusCode.Accepted) // 202 while it runs
            await answer.Expect(HttpStatusCode.OK, cancellation);
        return InstanceStatus.Parse(await answer.Body(cancellation)).ToMetadata(getInputsAndOutputs);
    }

    public override Task<bool> RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        Tell(instanceId, $"raiseEvent/{Segment(eventName)}", "", JsonSerializer.Serialize(eventPayload, json), cancellation);

    public override Task<bool> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Tell(instanceId, "terminate", Reason(reason), null, cancellation);

    public override Task<bool> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Tell(instanceId, "suspend", Reason(reason), null, cancellation);

    public override Task<bool> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Tell(instanceId, "resume", Reason(reason), null, cancellation);

    public override async Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        using var answer = await Send(HttpMethod.Delete, $"instances/{Segment(instanceId)}", "", null, cancellation);
        if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict) // the latter while it runs
            return false;
        await answer.Expect(HttpStatusCode.OK, cancellation);
        return true;
    }

    public override async Task<int> PurgeAllInstancesAsync(DateTimeOffset createdTo, CancellationToken cancellation = default)
    {
        var until = Uri.EscapeDataString(createdTo.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        var query = $"&createdTimeFrom=2000-01-01T00:00:00Z&createdTimeTo={until}&runtimeStatus=Completed,Failed,Terminated";
        using var answer = await Send(HttpMethod.Delete, "instances", query, null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound) // none is meant
            return 0;
        await answer.Expect(HttpStatusCode.OK, cancellation);
        using var deleted = JsonDocument.Parse(await answer.Body(cancellation));
        return deleted.RootElement.GetProperty("instancesDeleted").GetInt32();
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        for (var pause = FirstLook; ; pause = Min(pause * 1.5, LongestLook))
        {
            var instance = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation)
                ?? throw new InvalidOperationException($"There is no orchestration with the id '{instanceId}'.");
            if (instance.IsFinished)
                return instance;
            await Task.Delay(pause, clock, cancellation);
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>False when no such instance is running.</summary>
    private async Task<bool> Tell(string instanceId, string what, string query, string? body, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        using var answer = await Send(HttpMethod.Post, $"instances/{Segment(instanceId)}/{what}", query, body, ct);
        if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            return false;
        await answer.Expect(HttpStatusCode.Accepted, ct);
        return true;
    }

    /// <summary>Tries until there is a final answer.</summary>
    /// <exception cref="HttpRequestException">There was none.</exception>
    private async Task<HostAnswer> Send(HttpMethod method, string path, string query, string? body, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await Try(method, path, query, body, ct);
            if (answer.IsFinal)
                return answer;
            using (answer)
            {
                if (attempt == MostAttempts)
                    throw answer.Failure();
            }
            await Pause(attempt, path, ct);
        }
    }

    private async Task<HostAnswer> Try(HttpMethod method, string path, string query, string? body, CancellationToken ct)
    {
        var key = host.Code is null ? "" : Uri.EscapeDataString(host.Code);
        using var request = new HttpRequestMessage(method, new Uri($"{host.BaseUrl}/{path}?code={key}{query}"));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json);
        try
        {
            return new HostAnswer(path, await http.SendAsync(request, ct), null);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new HostAnswer(path, null, e);
        }
    }

    /// <summary>Doubles with every attempt; of many clients that failed together, not all come back together.</summary>
    private Task Pause(int attempt, string path, CancellationToken ct)
    {
        LogTryingAgain(path, attempt);
        return Task.Delay(FirstPause * Math.Pow(2, attempt - 1) * (0.5 + (Random.Shared.NextDouble() / 2)), clock, ct);
    }

    private static bool IsSame(OrchestrationMetadata found, string name, string? input)
    {
        if (!string.Equals(found.Name, name, StringComparison.OrdinalIgnoreCase))
            return false;
        if (input is null || found.SerializedInput is not { } stored)
            return input is null && found.SerializedInput is null;
        using var asked = JsonDocument.Parse(input);
        return JsonElement.DeepEquals(asked.RootElement, stored);
    }

    private static string Segment(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return Uri.EscapeDataString(text);
    }

    private static string Reason(string? reason) => string.IsNullOrEmpty(reason) ? "" : $"&reason={Uri.EscapeDataString(reason)}";

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(1, LogLevel.Warning, "The durable host did not answer {Path} (attempt {Attempt}); trying again.")]
    private partial void LogTryingAgain(string path, int attempt);
}
