using Microsoft.Extensions.Logging;

namespace Hexabase.Worker;

/// <summary>What the worker itself says about invocations.</summary>
internal static partial class InvocationLog
{
    [LoggerMessage(1, LogLevel.Error, "{Function} failed.")]
    public static partial void Failed(this ILogger logger, string function, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "{Function} was cancelled: the host gave up waiting or is gone.")]
    public static partial void Cancelled(this ILogger logger, string function);
}
