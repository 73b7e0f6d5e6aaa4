using System.Net;
using System.Text.Json;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Domain.Messaging;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>
/// The contract against a namespace on Azure that <c>HEXABASE_TEST_SERVICEBUS</c> names, with the rights to send and to listen. It has queue <c>hexabase-test</c> with duplicate detection and queue <c>hexabase-test-sessions</c> with sessions, both with a
/// short time to live: what a test leaves there is not taken away.
/// </summary>
[NeedsEnvironment(Variable, "the connection string of a Service Bus namespace for tests")]
public sealed class AzureMessageSenderTests : MessageSenderContract, IDisposable
{
    private const string Variable = "HEXABASE_TEST_SERVICEBUS";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient http = new();

    protected override string Plain => "hexabase-test";

    protected override string WithSessions => "hexabase-test-sessions";

    private static ServiceBusConnection.SharedAccess Connection =>
        ServiceBusConnection.Parse(Environment.GetEnvironmentVariable(Variable)!);

    public void Dispose() => http.Dispose();

    protected override Task<IMessageSender> NewSender() =>
        Task.FromResult<IMessageSender>(new ServiceBusSender(Connection, TimeProvider.System));

    protected override Task<IMessageSender> NewSenderWithWrongKey() =>
        Task.FromResult<IMessageSender>(new ServiceBusSender(Connection with { Key = "wrong" }, TimeProvider.System));

    protected override async Task<IReadOnlyList<ArrivedMessage>> Arrived(string prefix, int count)
    {
        var arrived = new List<ArrivedMessage>();
        await Eventually.Holds(
            async () =>
            {
                if (await Receive() is { } message && message.MessageId.StartsWith(prefix, StringComparison.Ordinal))
                    arrived.Add(message);
                return arrived.Count;
            },
            received => received >= count,
            within: Patience);
        return arrived;
    }

    /// <summary>Takes the next message off the queue; null when there is none for five seconds.</summary>
    private async Task<ArrivedMessage?> Receive()
    {
        var queue = new Uri(Connection.Endpoint, Plain);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{queue}/messages/head?timeout=5");
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            SasTokens.Create(queue.ToString(), Connection.KeyName, Connection.Key, DateTimeOffset.UtcNow.AddMinutes(5)));
        using var reply = await http.SendAsync(request);
        if (reply.StatusCode == HttpStatusCode.NoContent)
            return null;
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var broker = JsonElement.Parse(reply.Headers.GetValues("BrokerProperties").Single());
        var properties = reply.Headers.Where(header => header.Key is not "BrokerProperties")
            .ToDictionary(header => header.Key, header => header.Value.First().Trim('"'), StringComparer.OrdinalIgnoreCase);
        return new ArrivedMessage(
            Text(broker, "MessageId")!,
            Text(broker, "CorrelationId"),
            Text(broker, "Label"),
            reply.Content.Headers.ContentType?.MediaType,
            await reply.Content.ReadAsStringAsync(),
            JsonSerializer.SerializeToElement(properties));
    }

    private static string? Text(JsonElement properties, string name) =>
        properties.TryGetProperty(name, out var value) ? value.GetString() : null;
}
