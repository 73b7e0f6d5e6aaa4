using System.Text.Json;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable.Replay;
using Hexabase.Worker.Envelopes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>
/// Runs an activity. How it failed is answered as data, as the host would lose it; the invocation itself fails only when the host is
/// gone or sends what cannot be read.
/// </summary>
internal sealed class ActivityInvoker(FunctionDescriptor function, IServiceProvider services, ILogger logger) : EnvelopeInvoker(function, logger)
{
    private const string InstanceId = "instanceId";

    private readonly Func<HttpContext, object> create = FunctionInstances.FactoryFor(function, services);
    private readonly ActivityCall call = ActivityCalls.Of(function);
    private readonly JsonSerializerOptions json = services.GetRequiredService<IOptions<DurableTaskOptions>>().Value.Json;

    protected override async Task<ReadOnlyMemory<byte>> Run(HttpContext context, CancellationToken ct)
    {
        var (input, caller) = await Read(context.Request, ct);
        using var scope = Logger.BeginScope(new InstanceScope(caller));
        try
        {
            return InvocationAnswer.Returning(await call(create(context), new TaskActivityContext(Function.Name, caller, ct), input, json));
        }
#pragma warning disable CA1031 // Whatever an activity throws is its orchestration's business.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Logger.ActivityFailed(Function.Name, caller, e);
            return InvocationAnswer.Returning(ActivityAnswer.Write(TaskFailures.Of(e)));
        }
    }

    /// <summary>The JSON text of the input, and the id of the calling orchestration; empty where the input may have put another in its place.</summary>
    private async ValueTask<(byte[] Input, string Caller)> Read(HttpRequest request, CancellationToken ct)
    {
        using var envelope = await Envelope.Read(request, Function.BindingName, ct);
        var input = DoubleEncoding.Bytes(envelope.Data);
        var caller = !ForgedMetadata.MayBe(InstanceId, input)
            && envelope.Metadata.ValueKind == JsonValueKind.Object && envelope.Metadata.TryGetProperty(InstanceId, out var id)
                ? DoubleEncoding.TextOrNull(id)
                : null;
        return (input, caller ?? "");
    }
}
