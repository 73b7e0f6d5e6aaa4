using Microsoft.Extensions.Logging;

namespace Hexabase.Orchestrations;

/// <summary>What sagas log.</summary>
internal static partial class SagaLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Step} of {ChangeId} has failed and is tried again later")]
    public static partial void StepFailed(this ILogger logger, Exception failure, string step, string changeId);
}
