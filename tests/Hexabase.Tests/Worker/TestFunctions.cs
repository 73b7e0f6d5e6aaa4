using Hexabase.Worker;

namespace Hexabase.Tests.Worker;

internal sealed class OnMessage(Received received)
{
    [Function("OnMessage")]
    public Task Run([ServiceBusTrigger("jobs", IsSessionsEnabled = true)] ServiceBusReceivedMessage msg)
    {
        received.Add(msg);
        return Task.CompletedTask;
    }
}

internal sealed class OnBatch(Received received)
{
    [Function("OnBatch")]
    public ValueTask Run([ServiceBusTrigger("jobs", IsBatched = true)] IReadOnlyList<ServiceBusReceivedMessage> msg, CancellationToken ct)
    {
        received.Add(msg);
        return ct.IsCancellationRequested ? ValueTask.FromCanceled(ct) : ValueTask.CompletedTask;
    }
}

internal sealed class OnBytes(Received received)
{
    [Function("OnBytes")]
    public Task Run([ServiceBusTrigger("blobs")] byte[] msg)
    {
        received.Add(msg);
        return Task.CompletedTask;
    }
}

internal sealed class OnTimer(Received received)
{
    [Function("OnTimer")]
    public Task Run([TimerTrigger("0 */5 * * * *", RunOnStartup = true)] TimerInfo timer)
    {
        received.Add(timer);
        return Task.CompletedTask;
    }
}

internal sealed class Failing
{
    [Function("Failing")]
    public Task Run([ServiceBusTrigger("jobs")] ServiceBusReceivedMessage msg) =>
        throw new InvalidOperationException($"No\r\nSet-Cookie: é=1 {msg.Body}");
}
