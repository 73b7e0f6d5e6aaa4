using System.Text.Json;
using Hexabase.Tests.Worker;
using Hexabase.Worker.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Durable;

/// <param name="At">A value that a host which parses and writes JSON again would change.</param>
internal sealed record Order(string Sku, int Qty, DateTimeOffset? At = null, decimal Price = 0);

/// <summary>Reserves an order, then charges what is held: "Chain" of durable-custom-handler.md §8.</summary>
[DurableTask("Chain")]
internal sealed partial class Chain : TaskOrchestrator<JsonElement, JsonElement>
{
    public override async Task<JsonElement> RunAsync(TaskOrchestrationContext context, JsonElement input)
    {
        LogReserving(context.CreateReplaySafeLogger<Chain>());
        var hold = await context.CallActivityAsync<JsonElement>("Reserve", input);
        return await context.CallActivityAsync<JsonElement>("Charge", hold);
    }

    [LoggerMessage(1, LogLevel.Information, "Reserving.")]
    private static partial void LogReserving(ILogger logger);
}

/// <summary>Calls <c>Reserve</c> with an order.</summary>
[DurableTask("Typed")]
internal sealed class Typed : TaskOrchestrator<string, Order>
{
    public override Task<Order> RunAsync(TaskOrchestrationContext context, string input) =>
        context.CallActivityAsync<Order>("Reserve", new Order(input, 2));
}

/// <summary>Answers its input, and says what it was given.</summary>
[DurableTask("Reserve")]
internal sealed class Reserve(Received received) : TaskActivity<Order, Order>
{
    public override Task<Order> RunAsync(TaskActivityContext context, Order order)
    {
        received.Add((context.Name, context.InstanceId, order));
        return Task.FromResult(order);
    }
}

/// <summary>Answers its input in upper case.</summary>
[DurableTask("Shout")]
internal sealed class Shout : TaskActivity<string?, string?>
{
    public override Task<string?> RunAsync(TaskActivityContext context, string? input) => Task.FromResult(input?.ToUpperInvariant());
}

/// <summary>Fails as its input says.</summary>
[DurableTask("Fail")]
internal sealed class Fail : TaskActivity<string, int>
{
    public override Task<int> RunAsync(TaskActivityContext context, string input) => throw (input switch
    {
        "for good" => new NonRetriableTaskException("The card is stolen.", new FormatException("card")),
        _ => new TimeoutException("No answer.", new InvalidOperationException("Connection reset.")),
    });
}
