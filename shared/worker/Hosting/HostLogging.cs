using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// How log lines reach the host: it takes every line of standard output as information, and every line of standard error as an error.
/// <c>Logs</c> of an answer would be lost when the invocation fails.
/// </summary>
internal static class HostLogging
{
    /// <summary>
    /// One JSON object a line, with its scopes; written by a background thread, warnings and errors to standard error. Information and
    /// above, of Microsoft's own categories Warning and above, unless configuration says otherwise.
    /// </summary>
    public static void AddLinesForHost(this ILoggingBuilder logging)
    {
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Warning);
        logging.Services.Configure<LoggerFilterOptions>(filter =>
        {
            // First, so that rules of the same category from configuration win.
            filter.Rules.Insert(0, new LoggerFilterRule(providerName: null, "Microsoft", LogLevel.Warning, filter: null));
            filter.Rules.Insert(0, new LoggerFilterRule(providerName: null, "System.Net.Http", LogLevel.Warning, filter: null));
        });
    }
}
