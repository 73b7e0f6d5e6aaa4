using Hexabase.Local.ServiceBus;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>What another process finds in the file when this one was killed.</summary>
public sealed class CrashTests
{
    private static readonly Func<Delivery, CancellationToken, Task<string?>> Never = async (_, ct) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return null;
    };

    private static FakeFunctionApp App() => new(FakeFunctionApp.Function("runs"));

    [Fact]
    public async Task Everything_accepted_is_delivered_after_a_crash_in_order_and_what_ran_counts_the_delivery_that_was_cut_off()
    {
        var killed = App();
        killed.Handle = Never;
        await using var host = await BusHost.Start(killed);
        await host.Send("runs", [.. Enumerable.Range(0, 20).Select(i => BusHost.Message($"{i:d2}", i % 2 == 0 ? "even" : "odd"))]);
        await killed.WaitFor(2);

        var app = App();
        await using var restarted = await host.StartAfterCrash(app);
        var deliveries = await app.WaitFor(20);
        foreach (var session in new[] { "even", "odd" })
        {
            var ofSession = deliveries.Where(d => d.SessionIds[0] == session).ToList();
            Assert.Equal(10, ofSession.Count);
            var ids = ofSession.Select(d => d.MessageIds[0]).ToList();
            Assert.Equal([.. ids.Order(StringComparer.Ordinal)], ids);
            Assert.Equal([2, 1, 1], ofSession.Take(3).Select(d => d.DeliveryCounts[0]));
        }
        await DeliveryTests.Empty(restarted, "runs");
    }

    [Fact]
    public async Task What_was_completed_does_not_come_back_and_its_id_stays_remembered()
    {
        var killed = App();
        await using var host = await BusHost.Start(killed);
        await host.Send("runs", BusHost.Message("done"));
        await killed.WaitFor(1);
        await DeliveryTests.Empty(host, "runs");

        var app = App();
        await using var restarted = await host.StartAfterCrash(app);
        await restarted.Send("runs", BusHost.Message("done"), BusHost.Message("new"));
        await app.WaitFor(1);
        await DeliveryTests.Empty(restarted, "runs");
        Assert.Equal(["new"], app.DeliveredIds);
    }

    [Fact]
    public async Task A_message_whose_last_permitted_delivery_was_cut_off_is_dead_lettered()
    {
        var settings = BusHost.Settings with
        {
            Queues = new Dictionary<string, QueueSettings>(StringComparer.Ordinal) { ["runs"] = new() { MaxDeliveryCount = 1 } },
        };
        var killed = App();
        killed.Handle = Never;
        await using var host = await BusHost.Start(killed, settings);
        await host.Send("runs", BusHost.Message("kills the host"), BusHost.Message("behind"));
        await killed.WaitFor(1);

        var app = App();
        await using var restarted = await host.StartAfterCrash(app, settings);
        await app.WaitFor(1);
        Assert.Equal(["behind"], app.DeliveredIds);
        var letter = Assert.Single((await DeliveryTests.DeadLetters(restarted, "runs")).EnumerateArray());
        Assert.Equal("kills the host", letter.GetProperty("message_id").GetString());
    }

    [Fact]
    public async Task A_scheduled_message_is_kept_over_a_crash_and_sent_at_once_when_its_time_has_passed()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        await using var host = await BusHost.Start(App(), clock: clock);
        await host.Send("runs", BusHost.Message("later", due: clock.GetUtcNow().AddMinutes(5)));

        var app = App();
        await using var restarted = await host.StartAfterCrash(app, clock: new ManualTimeProvider(clock.GetUtcNow().AddMinutes(5)));
        await app.WaitFor(1);
        Assert.Equal(["later"], app.DeliveredIds);
    }
}
