using Azure.Core;
using Azure.Core.Pipeline;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Signs each request for the queue it goes to.</summary>
internal sealed class SasAuthenticationPolicy(SasTokens tokens) : HttpPipelinePolicy
{
    private const string SendSuffix = "/messages";

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        message.Request.Headers.SetValue(HttpHeader.Names.Authorization, tokens.Get(Resource(message)));
        return ProcessNextAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Messages are sent asynchronously only.");

    private static string Resource(HttpMessage message)
    {
        var address = message.Request.Uri.ToUri().GetLeftPart(UriPartial.Path);
        return address.EndsWith(SendSuffix, StringComparison.Ordinal) ? address[..^SendSuffix.Length] : address;
    }
}
