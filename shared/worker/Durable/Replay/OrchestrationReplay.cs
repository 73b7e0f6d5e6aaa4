using System.Text.Json;
using Hexabase.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>Orchestrations as functions of their history (durable-custom-handler.md §7).</summary>
internal static class OrchestrationReplay
{
    /// <summary>
    /// What an orchestration asks for next, after all that has happened. Whatever goes wrong is answered as its failure.
    /// </summary>
    /// <remarks>
    /// The tasks that the code awaits are completed by the loop over the events, and the code runs on inline there: that needs this thread
    /// to have no synchronization context, nor a task scheduler of its own, and holds for <c>ConfigureAwait(false)</c> as well.
    /// </remarks>
    /// <exception cref="OutOfMemoryException">There is no memory to play the turn in, now.</exception>
    /// <param name="find">The code of an orchestration by its name; null when there is none.</param>
    /// <param name="json">How inputs, results and payloads are written.</param>
    public static OrchestratorResponse Run(
        OrchestratorRequest request, Func<string, OrchestratorCode?> find, JsonSerializerOptions json, ILoggerFactory loggers)
    {
        var around = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new OrchestrationTurn(request, find, json, loggers).Play();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(around);
        }
    }
}
