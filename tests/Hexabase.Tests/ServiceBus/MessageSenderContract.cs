using System.Text;
using System.Text.Json;
using Hexabase.Domain.Messaging;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>A message as a receiver sees it.</summary>
/// <param name="Properties">The application properties, a JSON object.</param>
public sealed record ArrivedMessage(
    string MessageId, string? CorrelationId, string? Subject, string? ContentType, string Body, JsonElement Properties);

/// <summary>What <see cref="IMessageSender"/> promises, against a real queue behind it.</summary>
public abstract class MessageSenderContract
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// <summary>Begins every message id of this test.</summary>
    private readonly string test = $"{Guid.NewGuid():N}-";

    /// <summary>A queue without sessions and with duplicate detection.</summary>
    protected abstract string Plain { get; }

    /// <summary>A queue with sessions.</summary>
    protected abstract string WithSessions { get; }

    protected abstract Task<IMessageSender> NewSender();

    /// <summary>The same with a key that the namespace does not know.</summary>
    protected abstract Task<IMessageSender> NewSenderWithWrongKey();

    /// <summary>What arrives at <see cref="Plain"/> under ids that begin with <paramref name="prefix"/>, once there is so much of it.</summary>
    protected abstract Task<IReadOnlyList<ArrivedMessage>> Arrived(string prefix, int count);

    [ContractFact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        const string Body = """{"text":"こんにちは \"quoted\" \\ \n \u0000 😀 é <&>'","n":1e3}""";
        await Send(Message("é \"😀\" <&>'\\", Body, subject: "über") with { TraceParent = Trace });

        var arrived = Assert.Single(await Arrived(test, 1));

        Assert.Equal($"{test}é \"😀\" <&>'\\", arrived.MessageId);
        Assert.Equal(Body, arrived.Body);
        Assert.Equal(("c-1 ☎", "über", "application/json"), (arrived.CorrelationId, arrived.Subject, arrived.ContentType));
        Assert.Equal(Trace, Property(arrived, "traceparent"));
        Assert.Equal(Trace, Property(arrived, "Diagnostic-Id"));
    }

    [ContractFact]
    public async Task More_than_one_request_holds_arrives_whole()
    {
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 12).Select(i => Message($"{i}", $"\"{new string('x', 60_000)}\""))];
        await Send(messages);

        var arrived = await Arrived(test, messages.Length);

        Assert.Equal([.. messages.Select(m => m.MessageId).Order(StringComparer.Ordinal)], arrived.Select(m => m.MessageId).Order(StringComparer.Ordinal));
        Assert.All(arrived, m => Assert.Equal(60_002, m.Body.Length));
    }

    [ContractFact]
    public async Task A_repeated_message_id_is_taken_and_arrives_once()
    {
        await Send(Message("repeated", "1"));
        await Send(Message("repeated", "2"), Message("last", "3"));

        var arrived = await Arrived(test, 2);

        Assert.Equal([$"{test}last:3", $"{test}repeated:1"], arrived.Select(m => $"{m.MessageId}:{m.Body}").Order(StringComparer.Ordinal));
    }

    [ContractFact]
    public async Task A_scheduled_message_does_not_arrive_with_those_sent_after_it()
    {
        await Send(Message("later", "1") with { ScheduledEnqueueTime = DateTimeOffset.UtcNow.AddHours(1) });
        await Send(Message("now", "2"));

        Assert.Equal($"{test}now", Assert.Single(await Arrived(test, 1)).MessageId);
    }

    [ContractFact]
    public async Task A_scheduled_message_whose_time_has_passed_arrives()
    {
        await Send(Message("past", "1") with { ScheduledEnqueueTime = DateTimeOffset.UtcNow.AddHours(-1) });

        Assert.Single(await Arrived(test, 1));
    }

    [ContractFact]
    public async Task Nothing_is_sent_as_nothing() => await Send();

    [ContractFact]
    public async Task A_queue_with_sessions_takes_messages_of_a_session_only()
    {
        var sender = await NewSender();
        var message = Message("m", "{}");

        await sender.Send(WithSessions, [message with { SessionId = "paid/0 ü" }], CancellationToken.None);

        var e = await Assert.ThrowsAsync<MessagingException>(() => sender.Send(WithSessions, [message], CancellationToken.None));
        Assert.True(e.IsRejection);
    }

    [ContractFact]
    public async Task A_queue_that_is_not_there_takes_nothing_and_may_be_there_later()
    {
        var sender = await NewSender();
        var e = await Assert.ThrowsAsync<MessagingException>(
            () => sender.Send($"no-{Guid.NewGuid():N}", [Message("m", "{}")], CancellationToken.None));
        Assert.False(e.IsRejection);
    }

    [ContractFact]
    public async Task A_wrong_key_sends_nothing()
    {
        var sender = await NewSenderWithWrongKey();
        var e = await Assert.ThrowsAsync<MessagingException>(() => sender.Send(Plain, [Message("m", "{}")], CancellationToken.None));
        Assert.False(e.IsRejection);
    }

    private async Task Send(params OutgoingMessage[] messages) => await (await NewSender()).Send(Plain, messages, CancellationToken.None);

    private OutgoingMessage Message(string id, string body, string? subject = null) =>
        new(test + id, SessionId: null, Encoding.UTF8.GetBytes(body), "c-1 ☎", subject);

    /// <summary>Names of properties are found in any case: proxies may change it.</summary>
    private static string? Property(ArrivedMessage message, string name) => message.Properties.EnumerateObject()
        .Single(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value.GetString();
}
