using Microsoft.Extensions.Logging;

namespace Hexabase.Worker;

/// <summary>What the worker itself says about invocations.</summary>
internal static partial class InvocationLog
{
    [LoggerMessage(1, LogLevel.Error, "{Function} failed.")]
    public static partial void Failed(this ILogger logger, string function, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "{Function} was cancelled: the host gave up waiting or is gone.")]
    public static partial void Cancelled(this ILogger logger, string function);

    [LoggerMessage(3, LogLevel.Warning, "{Function}, called by the orchestration '{InstanceId}', failed.")]
    public static partial void ActivityFailed(this ILogger logger, string function, string instanceId, Exception failure);

    [LoggerMessage(4, LogLevel.Error, "A turn of {Function} could not be played.")]
    public static partial void TurnFailed(this ILogger logger, string function, Exception failure);
}
