using Azure.Core;
using Azure.Core.Pipeline;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>
/// Authenticates by a policy that keeps its tokens; after a 401, whether it carries a challenge or not, once more by a new one, which has
/// kept nothing yet. The credential behind it may still answer with the token that it keeps itself, as a managed identity does.
/// </summary>
internal sealed class OnceMoreAfter401(Func<HttpPipelinePolicy> create) : HttpPipelinePolicy
{
    private HttpPipelinePolicy present = create();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await present.ProcessAsync(message, pipeline);
        if (message.Response.Status != 401)
            return;
        message.Response.Dispose();
        present = create();
        await present.ProcessAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Messages are sent asynchronously only.");
}
