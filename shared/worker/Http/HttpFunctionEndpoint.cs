using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Http;

/// <summary>
/// An HTTP function as an ASP.NET Core endpoint at its real path, with the metadata that a minimal API of the same method would have:
/// authorization, CORS, OpenAPI and endpoint filters work on it.
/// </summary>
internal static class HttpFunctionEndpoint
{
    /// <exception cref="InvalidOperationException">ASP.NET Core cannot bind a parameter of the method.</exception>
    public static Endpoint Build(
        FunctionDescriptor function,
        HttpTriggerAttribute trigger,
        IServiceProvider services,
        IReadOnlyList<Action<EndpointBuilder>> conventions,
        IReadOnlyList<Action<EndpointBuilder>> finallyConventions,
        ILogger logger)
    {
        var pattern = RoutePatternFactory.Parse(function.HttpRoute!);
        var endpoint = new RouteEndpointBuilder(requestDelegate: null, pattern, order: 0)
        {
            DisplayName = function.Name,
            ApplicationServices = services,
            Metadata = { function, function.Method, new EndpointNameMetadata(function.Name), new RouteNameMetadata(function.Name) },
        };
        if (trigger.Methods.Count > 0)
            endpoint.Metadata.Add(new HttpMethodMetadata(trigger.Methods.Select(m => m.ToUpperInvariant())));

        var options = new RequestDelegateFactoryOptions
        {
            ServiceProvider = services,
            EndpointBuilder = endpoint,
            RouteParameterNames = pattern.Parameters.Select(p => p.Name),
            ThrowOnBadRequest = true,
            DisableInferBodyFromParameters = trigger.Methods.Any(HasNoBody),
        };
        var inferred = RequestDelegateFactory.InferMetadata(function.Method, options);
        var ofClass = function.Class.GetCustomAttributes(inherit: true);
        foreach (var declared in ofClass.Concat(function.Method.GetCustomAttributes(inherit: true)))
            endpoint.Metadata.Add(declared);
        foreach (var convention in conventions)
            convention(endpoint);
        var instances = FunctionInstances.FactoryFor(function, services);
        var bound = RequestDelegateFactory.Create(function.Method, instances, options, inferred).RequestDelegate;
        endpoint.RequestDelegate = new HttpInvoker(bound, logger).Invoke;
        foreach (var convention in finallyConventions)
            convention(endpoint);
        return endpoint.Build();
    }

    private static bool HasNoBody(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
