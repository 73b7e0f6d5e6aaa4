using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Invocations;
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
        new RouteEndpointBuilder(InvokerOf(function, services, logger).Invoke, RoutePatternFactory.Parse(function.Name), order: 0)
        {
            DisplayName = function.Name,
            Metadata =
            {
                function,
                function.Method,
                new HttpMethodMetadata([HttpMethods.Post]),
                new AllowAnonymousAttribute(),
                new ExcludeFromDescriptionAttribute(),
                new BodyLimit(function.Trigger is OrchestrationTriggerAttribute ? OrchestratorInvoker.MostBytes : Envelope.MostBytes),
            },
        }.Build();

    private static EnvelopeInvoker InvokerOf(FunctionDescriptor function, IServiceProvider services, ILogger logger) => function.Trigger switch
    {
        OrchestrationTriggerAttribute => new OrchestratorInvoker(function, services, logger),
        ActivityTriggerAttribute => new ActivityInvoker(function, services, logger),
        _ => new MethodInvoker(function, services, logger),
    };

    private sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
