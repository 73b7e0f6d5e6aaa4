using System.Text.Json;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>Runs the code of an orchestration, from JSON text to JSON text; null is no value.</summary>
internal delegate Task<string?> OrchestratorCode(TaskOrchestrationContext context, string? input, JsonSerializerOptions json);

internal static class OrchestratorCodes
{
    /// <param name="create">Makes the orchestrator of one turn.</param>
    public static OrchestratorCode Of<TInput, TOutput>(Func<TaskOrchestrator<TInput, TOutput>> create) =>
        async (context, input, json) =>
            PayloadJson.Write(await create().RunAsync(context, PayloadJson.Read<TInput>(input, json)), json);
}
