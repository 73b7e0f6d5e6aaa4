using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Hexabase.Local.Cosmos;

/// <summary>A request as the emulator gets it, its target byte for byte, and the answer with the sub-status that the SDK looks for.</summary>
internal sealed class ForwardedRequest(Emulator emulator) : HttpTransformer
{
    public static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        proxyRequest.RequestUri = new Uri(destinationPrefix + target[1..], AsItIs);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is { StatusCode: HttpStatusCode.NotFound } && !await emulator.Exists(CosmosTarget.Of(httpContext).Owner, cancellationToken))
            httpContext.Response.Headers[CosmosHeaders.SubStatus] = CosmosHeaders.OwnerNotFound;
        return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }
}
