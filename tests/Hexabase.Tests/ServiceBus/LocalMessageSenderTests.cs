using System.Text.Json;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Domain.Messaging;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The contract against the local platform's Service Bus: its HTTP API, its file, its delivery.</summary>
public sealed class LocalMessageSenderTests : MessageSenderContract, IAsyncLifetime
{
    private readonly FakeFunctionApp app = new(FakeFunctionApp.Function("mail", sessions: false), FakeFunctionApp.Function("runs"));
    private BusHost host = null!;

    protected override string Plain => "mail";

    protected override string WithSessions => "runs";

    public async Task InitializeAsync() => host = await BusHost.Start(app);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Messages_of_a_session_arrive_in_the_order_in_which_they_were_sent_over_any_number_of_requests()
    {
        var large = new string('x', 100_000);
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 9).Select(i => BusHost.Message($"{i}", body: i % 2 == 0 ? large : "{}"))];
        await host.Send("runs", messages);
        await host.Send("runs", BusHost.Message("last"));
        await app.WaitFor(10);
        Assert.Equal([.. messages.Select(m => m.MessageId), "last"], app.DeliveredIds);
    }

    protected override Task<IMessageSender> NewSender() => Task.FromResult(host.Sender);

    protected override Task<IMessageSender> NewSenderWithWrongKey() => Task.FromResult<IMessageSender>(
        new ServiceBusSender(new ServiceBusConnection.SharedAccess(host.Address, BusHost.KeyName, "wrong"), TimeProvider.System));

    protected override async Task<IReadOnlyList<ArrivedMessage>> Arrived(string prefix, int count) =>
        [.. (await app.WaitFor(count)).Select(ToArrived).Where(m => m.MessageId.StartsWith(prefix, StringComparison.Ordinal))];

    private static ArrivedMessage ToArrived(Delivery delivery) => new(
        delivery.MessageIds[0],
        Text(delivery, "CorrelationId"),
        Text(delivery, "Subject"),
        Text(delivery, "ContentType"),
        delivery.Body,
        delivery.ApplicationProperties);

    private static string? Text(Delivery delivery, string name) =>
        delivery.Metadata.TryGetProperty(name, out var value) ? JsonElement.Parse(value.GetString()!).GetString() : null;
}
