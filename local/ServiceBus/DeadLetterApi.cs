using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Local.Http;

namespace Hexabase.Local.ServiceBus;

/// <summary>The operator's view: <c>/admin/servicebus</c>, JSON in snake_case, problem+json for what is not there.</summary>
internal sealed class DeadLetterApi(ServiceBusBroker broker)
{
    private const int LargestPage = 1_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin().MapGroup("/servicebus/queues");
        admin.MapGet("/", Queues);
        admin.MapGet("/{queue}/deadletters", (string queue, long? after, int? limit) => List(queue, after ?? 0, limit ?? 100));
        admin.MapPost("/{queue}/deadletters/{sequence:long}/resubmit", Resubmit);
        admin.MapDelete("/{queue}/deadletters/{sequence:long}", Delete);
    }

    private IResult Queues()
    {
        var queues = broker.Queues.Select(queue =>
        {
            var counts = broker.Count(queue);
            return new QueueView(queue.Name, queue.Function, queue.HasSessions, counts.Active, counts.Scheduled, counts.DeadLettered);
        });
        return Results.Json(new QueueList([.. queues]), Json);
    }

    private IResult List(string name, long after, int limit)
    {
        if (!broker.TryFind(name, out var queue))
            return NoSuchQueue(name);
        if (limit is < 1 or > LargestPage)
            return Results.Problem($"limit is 1 to {LargestPage}.", statusCode: StatusCodes.Status400BadRequest);
        var items = broker.DeadLetters.List(queue.Name, after, limit);
        return Results.Json(new DeadLetterPage(items, items.Count == limit ? items[^1].Sequence : null), Json);
    }

    private async Task<IResult> Resubmit(string queue, long sequence, CancellationToken ct)
    {
        if (!broker.TryFind(queue, out var found))
            return NoSuchQueue(queue);
        return await broker.Resubmit(found, sequence, ct) is { } resubmitted
            ? Results.Json(new Resubmitted(resubmitted), Json)
            : NoSuchDeadLetter(queue, sequence);
    }

    private async Task<IResult> Delete(string queue, long sequence, CancellationToken ct)
    {
        if (!broker.TryFind(queue, out var found))
            return NoSuchQueue(queue);
        return await broker.DeadLetters.Delete(found.Name, sequence, ct) ? Results.NoContent() : NoSuchDeadLetter(queue, sequence);
    }

    private static IResult NoSuchQueue(string queue) =>
        Results.Problem($"No function of the app is triggered by queue '{queue}'.", statusCode: StatusCodes.Status404NotFound);

    private static IResult NoSuchDeadLetter(string queue, long sequence) =>
        Results.Problem($"Queue '{queue}' has no dead letter {sequence}.", statusCode: StatusCodes.Status404NotFound);

    private sealed record QueueList(IReadOnlyList<QueueView> Queues);

    private sealed record QueueView(string Name, string Function, bool Sessions, long Active, long Scheduled, long DeadLettered);

    /// <param name="Next">Value of <c>after</c> for the next page; absent at the end.</param>
    private sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, long? Next);

    private sealed record Resubmitted(long Sequence);
}
