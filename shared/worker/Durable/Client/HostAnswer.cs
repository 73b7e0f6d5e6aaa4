using System.Net;

namespace Hexabase.Worker.Durable.Client;

/// <summary>What came back from one try to ask the durable host: an answer, or the failure to get one.</summary>
/// <param name="path">What was asked for, without the key.</param>
internal sealed class HostAnswer(string path, HttpResponseMessage? reply, Exception? lost) : IDisposable
{
    private const int MostReasonCharacters = 300;

    public HttpStatusCode? Status => reply?.StatusCode;

    /// <summary>Asking again would give the same.</summary>
    public bool IsFinal => Status is { } status && status < HttpStatusCode.InternalServerError
        && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    public async Task<byte[]> Body(CancellationToken ct) => await reply!.Content.ReadAsByteArrayAsync(ct);

    /// <exception cref="InvalidOperationException">The host refused what it was asked, as a function that does not exist.</exception>
    /// <exception cref="HttpRequestException">It answered something else.</exception>
    public async Task Expect(HttpStatusCode expected, CancellationToken ct)
    {
        if (Status == expected)
            return;
        if (Status != HttpStatusCode.BadRequest)
            throw Failure();
        var reason = await reply!.Content.ReadAsStringAsync(ct);
        throw new InvalidOperationException($"The durable host refused {path}: {reason[..int.Min(reason.Length, MostReasonCharacters)]}");
    }

    public HttpRequestException Failure() => Status is { } status
        ? new HttpRequestException($"The durable host answered {path} with {(int)status}.", lost, status)
        : new HttpRequestException($"The durable host did not answer {path}.", lost);

    public void Dispose() => reply?.Dispose();
}
