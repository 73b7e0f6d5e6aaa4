using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>How every saga goes on: it takes what is next and is told what is next after that.</summary>
internal static class SagaLoop
{
    private const int MostTurns = 40;

    /// <summary>Takes turns until the change is finished. After so many the orchestration begins anew, so that its history stays small.</summary>
    public static async Task<object?> TakeTurns<TNext>(
        this TaskOrchestrationContext context, string changeId, TNext next, Func<TNext, bool> isFinished, Func<TNext, Task<TNext>> take)
    {
        for (var turns = 0; !isFinished(next); turns++)
        {
            if (turns == MostTurns)
            {
                context.ContinueAsNew(changeId);
                return null;
            }
            next = await take(next);
        }
        return null;
    }
}
