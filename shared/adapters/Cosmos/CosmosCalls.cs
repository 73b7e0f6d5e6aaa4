using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Azure.Identity;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;
using Container = Hexabase.Domain.Documents.Container;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// Calls to Cosmos: how long one may take, what it costs, and what its failures mean. The SDK repeats what Cosmos has certainly not done (429) and
/// reads; a write that was not answered is never sent again, for it may have been applied.
/// </summary>
internal sealed partial class CosmosCalls(TimeProvider clock, ILogger logger)
{
    /// <summary>For one call with all its repetitions.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new(Telemetry.Name);

    /// <summary>Request units of the last answer to each call, by container and operation.</summary>
    private static readonly Histogram<double> RequestCharge = Meter.CreateHistogram<double>("hexabase.cosmos.request_charge", "{RU}");

    /// <summary>The answer that the caller can make sense of: success, a condition that was not met, an item that is not there.</summary>
    /// <exception cref="DependencyUnavailableException">There was none.</exception>
    /// <exception cref="DocumentTooLargeException">Cosmos takes no request of this size.</exception>
    public async Task<T> Send<T>(
        Container container, string operation, Func<CancellationToken, Task<T>> call, Func<T, CosmosAnswer> answerOf, CancellationToken ct)
        where T : IDisposable
    {
        ct.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var began = clock.GetTimestamp();
        T response;
        try
        {
            response = await call(either.Token);
        }
        catch (Exception e) when (IsOfTheWay(e))
        {
            var answer = CosmosAnswer.Of(e);
            Charge(container, operation, answer);
            ct.ThrowIfCancellationRequested();
            Log(container, operation, answer, began);
            throw answer.Failure(container) ?? new DependencyUnavailableException("Cosmos gave an answer that makes no sense here.");
        }
        var answered = answerOf(response);
        Charge(container, operation, answered);
        var failure = answered.Failure(container);
        if (failure is not null || clock.GetElapsedTime(began) > Slow)
            Log(container, operation, answered, began);
        if (failure is null)
            return response;
        response.Dispose();
        throw failure;
    }

    private static bool IsOfTheWay(Exception e) =>
        e is CosmosException or HttpRequestException or IOException or OperationCanceledException or AuthenticationFailedException;

    private static void Charge(Container container, string operation, CosmosAnswer answer)
    {
        if (answer.Status is not null)
            RequestCharge.Record(answer.Charge, new("container", container.Name), new("operation", operation));
    }

    private void Log(Container container, string operation, CosmosAnswer answer, long began) => LogCall(
        logger, operation, container.Name, answer.Status, answer.SubStatus, clock.GetElapsedTime(began).TotalMilliseconds, answer.Charge,
        IdsInAddresses().Replace(Describe(answer), "docs/…"));

    private static string Describe(CosmosAnswer answer)
    {
        try
        {
            return answer.Diagnostics();
        }
        catch (ArgumentNullException)
        {
            // The SDK looks up the name of the status while it writes, and does not expect that one, such as 499, has none.
            return "the SDK cannot describe a status that has no name.";
        }
    }

    // Ids name people's things; the diagnostics hold them as parts of addresses.
    [GeneratedRegex(@"docs/[^""\s\\?,;)]+", RegexOptions.NonBacktracking)]
    private static partial Regex IdsInAddresses();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Cosmos {Operation} on {Container}: {Status}/{SubStatus} after {Milliseconds:0} ms, {Charge} RU: {Diagnostics}")]
    private static partial void LogCall(
        ILogger logger, string operation, string container, HttpStatusCode? status, int subStatus, double milliseconds, double charge, string diagnostics);
}
