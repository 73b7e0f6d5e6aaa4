using Hexabase.Local.Functions;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Hexabase.Local.Http;

/// <summary>
/// A client's request as the app gets it: target, method, headers and body unchanged, with what the Functions host adds. What only a
/// front end may say (who the client is, the invocation id) is never taken from the client.
/// </summary>
internal sealed class AppRequest : HttpTransformer
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var inbound = httpContext.Request.Headers;
        inbound.Remove("Forwarded");
        inbound.Remove("X-Forwarded-Host");
        inbound.Remove("X-Forwarded-Proto");
        inbound["X-Forwarded-For"] = httpContext.Connection.RemoteIpAddress?.ToString();
        inbound["X-Azure-Functions-InvocationId"] = Guid.NewGuid().ToString();
        inbound["X-Azure-Functions-HostVersion"] = FunctionApp.HostVersion;
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget is ['/', ..] target)
            proxyRequest.RequestUri = new Uri(destinationPrefix + target[1..], AsItIs);
    }
}
