using System.Diagnostics;
using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>Calls the functions of the running app by envelope.</summary>
public sealed class FunctionApp(
    FunctionAppFolder folder,
    FunctionAppProcess process,
    HttpMessageInvoker http,
    PlatformConsole console,
    TimeProvider clock) : IFunctionApp
{
    /// <summary>What this host says it is, in <c>X-Azure-Functions-HostVersion</c>.</summary>
    public const string HostVersion = "4.1037.0.0";

    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(25);

    public IReadOnlyList<FunctionDefinition> Functions => folder.Functions;

    public bool IsReady => process.IsReady;

    public async ValueTask WhenReady(CancellationToken ct) => await Endpoint(ct);

    public async Task<InvocationResult> Invoke(
        string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct)
    {
        while (true)
        {
            var endpoint = await Endpoint(ct);
            if (await Try(endpoint, function, data, metadata, ct) is { } result)
                return result;
            await Task.Delay(BetweenConnects, clock, ct);
        }
    }

    private async ValueTask<Uri> Endpoint(CancellationToken ct)
    {
        if (await process.WhenReady(ct) is { } endpoint)
            return endpoint;
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct);
        throw new UnreachableException();
    }

    /// <summary>Null when there was nobody to connect to, so that nothing was sent.</summary>
    private async Task<InvocationResult?> Try(
        Uri endpoint, string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(folder.Host.FunctionTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, Uri.EscapeDataString(function)))
        {
            Headers =
            {
                { "X-Azure-Functions-InvocationId", Guid.NewGuid().ToString() },
                { "X-Azure-Functions-HostVersion", HostVersion },
                { "User-Agent", "Azure-Functions-Host/" + HostVersion },
            },
        };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            request.Content = Envelope.Write(function, data, metadata, clock.GetUtcNow());
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return new InvocationResult($"The call cannot be written as JSON: {e.Message}");
        }
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            return await Answer.Read(response, console.Say, timeout.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await process.Suspect(endpoint, ct);
            return new InvocationResult($"The connection to the function app broke: {e.Message}")
            {
                Failure = process.WasRestarted(endpoint) ? InvocationFailure.Restart : InvocationFailure.Connection,
            };
        }
        catch (OperationCanceledException) when (!timeout.IsCancellationRequested)
        {
            return null; // connecting took too long
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Restart(endpoint);
            return new InvocationResult($"Timeout value of {folder.Host.FunctionTimeout} was exceeded by function: {function}")
            {
                Failure = InvocationFailure.Timeout,
            };
        }
    }
}
