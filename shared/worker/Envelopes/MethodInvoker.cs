using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Envelopes;

/// <summary>Runs a function that is a method and returns nothing.</summary>
internal sealed class MethodInvoker(FunctionDescriptor function, IServiceProvider services, ILogger logger) : EnvelopeInvoker(function, logger)
{
    private readonly Func<HttpContext, object> create = FunctionInstances.FactoryFor(function, services);
    private readonly EnvelopeReader read = FunctionCalls.ReaderFor(function);
    private readonly FunctionCall call = FunctionCalls.CallOf(function);

    protected override async Task<ReadOnlyMemory<byte>> Run(HttpContext context, CancellationToken ct)
    {
        await call(create(context), await ReadInput(context.Request, ct), ct);
        return InvocationAnswer.Nothing;
    }

    private async ValueTask<object> ReadInput(HttpRequest request, CancellationToken ct)
    {
        using var envelope = await Envelope.Read(request, Function.BindingName, ct);
        return read(envelope.Data, envelope.Metadata);
    }
}
