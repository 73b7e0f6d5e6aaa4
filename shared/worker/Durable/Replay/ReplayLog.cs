using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>What the replay itself says about orchestrations.</summary>
internal static partial class ReplayLog
{
    [LoggerMessage(1, LogLevel.Error, "Orchestration {InstanceId} failed.")]
    public static partial void Failed(this ILogger logger, string instanceId, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "Orchestration {InstanceId} used its context on another thread or after its turn: it awaited what is not of its context.")]
    public static partial void Left(this ILogger logger, string instanceId);
}
