using System.Globalization;
using System.Security;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// <c>POST /{queue}/messages</c> of the Service Bus HTTP API: one message, or a batch all or nothing. 201 means that the messages are
/// on disk. <c>timeout</c> and <c>api-version</c> are accepted and change nothing.
/// </summary>
public sealed class SendApi(ServiceBusBroker broker, ServiceBusSettings settings, TimeProvider clock)
{
    /// <summary>Largest request, headers of the message included: the limit of Azure's standard tier.</summary>
    public const int LargestRequest = 256 * 1024;

    public async Task Post(HttpContext http)
    {
        var name = (string)http.GetRouteValue("queue")!;
        var (token, authority) = (http.Request.Headers.Authorization, http.Request.Host.Value ?? "");
        if (SasToken.Fault(token, settings.KeyName, settings.Key, authority, name, clock.GetUtcNow()) is { } fault)
        {
            await Refuse(http, new SendRefusal(StatusCodes.Status401Unauthorized, fault));
            return;
        }
        if (!broker.TryFind(name, out var queue))
        {
            var detail = $"40400: Endpoint not found. No function is triggered by queue '{name}'.";
            await Refuse(http, new SendRefusal(StatusCodes.Status404NotFound, detail));
            return;
        }
        if (await Read(http, queue) is not { } messages)
            return;
        await broker.Send(queue, messages, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = http.Request.ContentType;
        http.Response.ContentLength = 0;
    }

    /// <summary>The messages of the request; null when it was refused.</summary>
    private async Task<IReadOnlyList<IncomingMessage>?> Read(HttpContext http, BusQueue queue)
    {
        var body = await http.Request.BodyReader.ReadAtLeastAsync(LargestRequest + 1, http.RequestAborted);
        var headers = http.Request.Headers["BrokerProperties"].ToString().Length;
        SendRefusal? refusal;
        IReadOnlyList<IncomingMessage> messages = [];
        if (body.Buffer.Length + headers > LargestRequest)
            refusal = new SendRefusal(StatusCodes.Status403Forbidden, $"The request is over the limit of {LargestRequest} bytes.");
        else
            refusal = SendRequest.Read(queue, http.Request.Headers, body.Buffer, out messages);
        http.Request.BodyReader.AdvanceTo(body.Buffer.End);
        if (refusal is null)
            return messages;
        await Refuse(http, refusal);
        return null;
    }

    private Task Refuse(HttpContext http, SendRefusal refusal)
    {
        var time = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        var place = $"{http.Request.Host}{http.Request.Path}";
        var detail = $"{refusal.Detail} TrackingId:{Guid.NewGuid()}, SystemTracker:{place}, Timestamp:{time}";
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "application/xml; charset=utf-8";
        return http.Response.WriteAsync($"<Error><Code>{refusal.Status}</Code><Detail>{SecurityElement.Escape(detail)}</Detail></Error>");
    }
}
