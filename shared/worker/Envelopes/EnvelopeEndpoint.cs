using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Envelopes;

/// <summary>The endpoint <c>POST /{FunctionName}</c> that the host posts envelopes to. Only the host can reach it.</summary>
internal static class EnvelopeEndpoint
{
    public static Endpoint Build(FunctionDescriptor function, IServiceProvider services, ILogger logger) =>
        new RouteEndpointBuilder(new EnvelopeInvoker(function, services, logger).Invoke, RoutePatternFactory.Parse(function.Name), order: 0)
        {
            DisplayName = function.Name,
            Metadata =
            {
                function,
                function.Method,
                new HttpMethodMetadata([HttpMethods.Post]),
                new AllowAnonymousAttribute(),
                new ExcludeFromDescriptionAttribute(),
                new BodyLimit(),
            },
        }.Build();

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Envelope.MostBytes;
    }
}
