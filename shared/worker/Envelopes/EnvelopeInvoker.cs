using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Envelopes;

/// <summary>Runs a function on the envelopes that the host posts to it.</summary>
internal sealed class EnvelopeInvoker(FunctionDescriptor function, IServiceProvider services, ILogger logger)
{
    private readonly Func<HttpContext, object> create = FunctionInstances.FactoryFor(function, services);
    private readonly EnvelopeReader read = FunctionCalls.ReaderFor(function);
    private readonly FunctionCall call = FunctionCalls.CallOf(function);

    public async Task Invoke(HttpContext context)
    {
        using var scope = logger.BeginScope(InvocationScope.OfEnvelope(function.Name, context));
        var ct = context.RequestAborted;
        try
        {
            await call(create(context), await ReadInput(context.Request, ct), ct);
        }
        catch (OperationCanceledException e) when (ct.IsCancellationRequested)
        {
            logger.Cancelled(function.Name);
            await InvocationAnswer.Failure(context.Response, e);
            return;
        }
#pragma warning disable CA1031 // Whatever a function throws is its invocation's failure, which the host must hear of.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.Failed(function.Name, e);
            await InvocationAnswer.Failure(context.Response, e);
            return;
        }
        await InvocationAnswer.Success(context.Response);
    }

    private async ValueTask<object> ReadInput(HttpRequest request, CancellationToken ct)
    {
        using var envelope = await Envelope.Read(request, function.BindingName, ct);
        return read(envelope.Data, envelope.Metadata);
    }
}
