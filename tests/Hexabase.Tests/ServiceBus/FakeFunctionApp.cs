using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>A function app whose functions are a delegate. Remembers every delivery in the order they began.</summary>
internal sealed class FakeFunctionApp(params FunctionDefinition[] functions) : IFunctionApp
{
    private readonly ConcurrentQueue<Delivery> deliveries = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>False: it does not answer until <see cref="BecomeReady"/>.</summary>
    public bool StartsReady { get; init; } = true;

    public bool IsReady => StartsReady || ready.Task.IsCompleted;

    public IReadOnlyList<FunctionDefinition> Functions { get; } = functions;

    /// <summary>The error of an invocation; null for success, which is the default.</summary>
    public Func<Delivery, CancellationToken, Task<string?>> Handle { get; set; } = (_, _) => Task.FromResult<string?>(null);

    public IReadOnlyList<Delivery> Deliveries => [.. deliveries];

    public IReadOnlyList<string> DeliveredIds => [.. deliveries.SelectMany(d => d.MessageIds)];

    public ValueTask WhenReady(CancellationToken ct) => IsReady ? ValueTask.CompletedTask : new(ready.Task.WaitAsync(ct));

    public void BecomeReady() => ready.SetResult();

    public static FunctionDefinition Function(string queue, bool sessions = true, bool many = false) => new($"On{queue}",
    [
        JsonSerializer.SerializeToElement(new
        {
            type = "serviceBusTrigger",
            direction = "in",
            name = "msg",
            queueName = queue,
            connection = "ServiceBus",
            isSessionsEnabled = sessions,
            cardinality = many ? "many" : "one",
        }),
    ]);

    public async Task<InvocationResult> Invoke(
        string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct)
    {
        var delivery = new Delivery(function, JsonElement.Parse(Write(data)), JsonElement.Parse(Write(metadata)));
        deliveries.Enqueue(delivery);
        await Task.Yield();
        return new InvocationResult(await Handle(delivery, ct));
    }

    /// <summary>Waits until so many messages were delivered.</summary>
    public Task<IReadOnlyList<Delivery>> WaitFor(int messages) =>
        Eventually.Holds(() => Deliveries, d => d.Sum(x => x.MessageIds.Count) >= messages);

    public static string Write(Action<Utf8JsonWriter> properties)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>One invocation as the app gets it.</summary>
internal sealed record Delivery(string Function, JsonElement Data, JsonElement Metadata)
{
    public IReadOnlyList<string> MessageIds { get; } = Values(Metadata, "MessageId", e => e.GetString()!);

    public IReadOnlyList<string> SessionIds { get; } = Values(Metadata, "SessionId", e => e.GetString()!);

    public IReadOnlyList<int> DeliveryCounts { get; } = Values(Metadata, "DeliveryCount", e => e.GetInt32());

    public IReadOnlyList<long> SequenceNumbers { get; } = Values(Metadata, "SequenceNumber", e => e.GetInt64());

    public string Body => JsonElement.Parse(Data.GetProperty("msg").GetString()!).GetString()!;

    public JsonElement ApplicationProperties => Metadata.GetProperty(nameof(ApplicationProperties));

    private static List<T> Values<T>(JsonElement metadata, string name, Func<JsonElement, T> read)
    {
        if (metadata.TryGetProperty(name, out var one))
            return [read(JsonElement.Parse(one.GetString()!))];
        return metadata.TryGetProperty(name + "Array", out var many)
            ? JsonElement.Parse(many.GetString()!).EnumerateArray().Where(e => e.ValueKind != JsonValueKind.Null).Select(read).ToList()
            : [];
    }
}
