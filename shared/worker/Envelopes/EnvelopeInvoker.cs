using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Envelopes;

/// <summary>Runs a function on the envelopes that the host posts to it.</summary>
internal abstract class EnvelopeInvoker(FunctionDescriptor function, ILogger logger)
{
    protected FunctionDescriptor Function { get; } = function;

    protected ILogger Logger { get; } = logger;

    public async Task Invoke(HttpContext context)
    {
        using var scope = Logger.BeginScope(InvocationScope.OfEnvelope(Function.Name, context));
        var ct = context.RequestAborted;
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await Run(context, ct);
        }
        catch (OperationCanceledException e) when (ct.IsCancellationRequested)
        {
            Logger.Cancelled(Function.Name);
            await InvocationAnswer.Failure(context.Response, e);
            return;
        }
#pragma warning disable CA1031 // Whatever a function throws is its invocation's failure, which the host must hear of.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Logger.Failed(Function.Name, e);
            await InvocationAnswer.Failure(context.Response, e);
            return;
        }
        await InvocationAnswer.Success(context.Response, answer);
    }

    /// <summary>Runs the function. What it throws fails the invocation.</summary>
    /// <returns>The body of the answer, never empty.</returns>
    protected abstract Task<ReadOnlyMemory<byte>> Run(HttpContext context, CancellationToken ct);
}
