using System.Globalization;
using System.Net;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Container = Hexabase.Domain.Documents.Container;

namespace Hexabase.Adapters.Cosmos;

/// <summary>What the SDK's several kinds of answers have in common.</summary>
/// <param name="Status">Null when nothing came back.</param>
/// <param name="Charge">Request units.</param>
internal readonly record struct CosmosAnswer(HttpStatusCode? Status, int SubStatus, double Charge, Func<string> Diagnostics)
{
    private const int OwnerNotFound = 1003;

    public static CosmosAnswer Of(ResponseMessage response) =>
        new(response.StatusCode, SubStatusOf(response.Headers), response.Headers.RequestCharge, response.Diagnostics.ToString);

    public static CosmosAnswer Of(TransactionalBatchResponse response) =>
        new(response.StatusCode, SubStatusOf(response.Headers), response.RequestCharge, response.Diagnostics.ToString);

    public static CosmosAnswer Of(Exception e) => e switch
    {
        CosmosException cosmos => new(cosmos.StatusCode, cosmos.SubStatusCode, cosmos.RequestCharge, cosmos.Diagnostics.ToString),
        CosmosOperationCanceledException cancelled => new(null, 0, 0, cancelled.Diagnostics.ToString),
        _ => new(null, 0, 0, () => e.Message),
    };

    /// <summary>Null for what the caller decides on: success, and what items and conditions there are.</summary>
    public Exception? Failure(Container container) => Status switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => null,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => null,
        HttpStatusCode.NotFound => SubStatus == OwnerNotFound
            ? new DependencyUnavailableException($"Cosmos has no container '{container.Name}' in the database of the settings, or no such database.")
            : null,
        HttpStatusCode.RequestEntityTooLarge => new DocumentTooLargeException("Cosmos takes no request of this size."),
        HttpStatusCode.Unauthorized => new DependencyUnavailableException($"Cosmos does not accept the key or the token ({Code})."),
        HttpStatusCode.Forbidden => new DependencyUnavailableException(
            $"Cosmos refuses this identity ({Code}): it needs the role 'Cosmos DB Built-in Data Contributor' on the account, whose network rules must let it in."),
        HttpStatusCode.BadRequest => new CosmosRequestException($"Cosmos does not understand the request ({Code})."),
        _ => new DependencyUnavailableException($"Cosmos cannot answer now ({Code})."),
    };

    private string Code => string.Create(CultureInfo.InvariantCulture, $"{(int?)Status}/{SubStatus}");

    private static int SubStatusOf(Headers headers) =>
        int.TryParse(headers["x-ms-substatus"], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
}

/// <summary>Cosmos does not take what was sent: a continuation of another query, or else a mistake in the store.</summary>
internal sealed class CosmosRequestException(string message) : Exception(message);
