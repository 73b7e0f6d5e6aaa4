using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Google.Protobuf;
using Hexabase.Durable;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable.Replay;
using Hexabase.Worker.Envelopes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>
/// Plays the turns of an orchestrator. Whatever happens is answered with a completion: any other answer would fail the orchestration
/// for good and lose the reason.
/// </summary>
internal sealed class OrchestratorInvoker(FunctionDescriptor function, IServiceProvider services, ILogger logger)
    : EnvelopeInvoker(function, logger)
{
    /// <summary>The largest turn taken. Every turn holds the whole history, and one that is refused ends its orchestration.</summary>
    public const long MostBytes = 128 * 1024 * 1024;

    private readonly Func<HttpContext, object> create = FunctionInstances.FactoryFor(function, services);
    private readonly OrchestratorCodeFactory codeOf = OrchestratorCodeFactories.Of(function);
    private readonly JsonSerializerOptions json = services.GetRequiredService<IOptions<DurableTaskOptions>>().Value.Json;
    private readonly ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();

    protected override async Task<ReadOnlyMemory<byte>> Run(HttpContext context, CancellationToken ct)
    {
        OrchestratorResponse response;
        try
        {
            var request = await Read(context.Request, ct);
            using var scope = Logger.BeginScope(new InstanceScope(request.InstanceId));
            var code = codeOf(() => create(context));
            response = Completions.Final(OrchestrationReplay.Run(request, _ => code, json, loggers));
        }
        catch (OutOfMemoryException e)
        {
            Logger.TurnFailed(Function.Name, e);
            response = Completions.TryAgain(e);
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Logger.TurnFailed(Function.Name, e);
            response = Completions.Failed(e);
        }
        return InvocationAnswer.Returning(response.ToByteArray());
    }

    private async ValueTask<OrchestratorRequest> Read(HttpRequest request, CancellationToken ct)
    {
        using var envelope = await Envelope.Read(request, Function.BindingName, ct);
        return DoubleEncoding.Decode(envelope.Data, Parse);
    }

    private static OrchestratorRequest Parse(ReadOnlySpan<byte> base64)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        try
        {
            return Base64.DecodeFromUtf8(base64, buffer, out _, out var length) == OperationStatus.Done
                ? OrchestratorRequest.Parser.ParseFrom(buffer.AsSpan(0, length))
                : throw new JsonException("The context of a turn is not base64.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
