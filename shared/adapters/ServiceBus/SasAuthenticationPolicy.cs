using Azure.Core;
using Azure.Core.Pipeline;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Signs each request for the queue it goes to; after a 401 once more with a new token.</summary>
internal sealed class SasAuthenticationPolicy(SasTokens tokens) : HttpPipelinePolicy
{
    private const string SendSuffix = "/messages";

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var resource = Resource(message);
        message.Request.Headers.SetValue(HttpHeader.Names.Authorization, tokens.Get(resource));
        await ProcessNextAsync(message, pipeline);
        if (message.Response.Status != 401)
            return;
        message.Response.Dispose();
        message.Request.Headers.SetValue(HttpHeader.Names.Authorization, tokens.Renew(resource));
        await ProcessNextAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Messages are sent asynchronously only.");

    private static string Resource(HttpMessage message)
    {
        var address = message.Request.Uri.ToUri().GetLeftPart(UriPartial.Path);
        return address.EndsWith(SendSuffix, StringComparison.Ordinal) ? address[..^SendSuffix.Length] : address;
    }
}
