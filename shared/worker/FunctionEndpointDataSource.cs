using Hexabase.Worker.Discovery;
using Hexabase.Worker.Envelopes;
using Hexabase.Worker.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Hexabase.Worker;

/// <summary>The endpoints of all functions, built when the app starts so that conventions added after mapping apply.</summary>
internal sealed class FunctionEndpointDataSource(
    FunctionCatalog catalog, IServiceProvider services, ILogger<FunctionEndpointDataSource> logger)
    : EndpointDataSource, IEndpointConventionBuilder
{
    private readonly List<Action<EndpointBuilder>> conventions = [];
    private readonly List<Action<EndpointBuilder>> finallyConventions = [];
    private readonly Lock building = new();
    private IReadOnlyList<Endpoint>? endpoints;

    public override IReadOnlyList<Endpoint> Endpoints
    {
        get
        {
            lock (building)
                return endpoints ??= [.. catalog.Functions.Select(Build)];
        }
    }

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    public void Add(Action<EndpointBuilder> convention) => conventions.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => finallyConventions.Add(finallyConvention);

    private Endpoint Build(FunctionDescriptor function) => function.Trigger is HttpTriggerAttribute trigger
        ? HttpFunctionEndpoint.Build(function, trigger, services, conventions, finallyConventions, logger)
        : EnvelopeEndpoint.Build(function, services, logger);
}
