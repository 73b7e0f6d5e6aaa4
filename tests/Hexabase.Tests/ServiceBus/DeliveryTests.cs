using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hexabase.Local.ServiceBus;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The session rules of the protocol sheet (service-bus-rest.md, section 7) and what the host does with an outcome.</summary>
public sealed class DeliveryTests
{
    private static FakeFunctionApp App(bool many = false) =>
        new(FakeFunctionApp.Function("runs", many: many), FakeFunctionApp.Function("mail", sessions: false));

    [Fact]
    public async Task A_session_is_first_in_first_out()
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        for (var i = 0; i < 50; i += 2)
            await host.Send("runs", BusHost.Message($"{i:d2}"), BusHost.Message($"{i + 1:d2}"));
        await app.WaitFor(50);
        Assert.Equal([.. Enumerable.Range(0, 50).Select(i => $"{i:d2}")], app.DeliveredIds);
    }

    [Fact]
    public async Task A_session_has_one_receiver_and_other_sessions_do_not_wait_for_it()
    {
        var release = new TaskCompletionSource();
        var running = new RunningBySession();
        var app = App();
        app.Handle = async (delivery, ct) =>
        {
            using (running.Begin(delivery.SessionIds[0]))
                await release.Task.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, BusHost.Settings with { MaxConcurrentSessions = 3 });
        var messages = Enumerable.Range(0, 40).Select(i => BusHost.Message($"{i}", $"session {i % 4}")).ToArray();
        await host.Send("runs", messages);
        await Eventually.Holds(() => running.MostSessions, most => most == 3);
        Assert.Equal(3, app.Deliveries.Count);
        release.SetResult();
        await app.WaitFor(40);
        await Empty(host, "runs");
        Assert.Equal(1, running.MostInOneSession);
        Assert.Equal(3, running.MostSessions);
    }

    [Fact]
    public async Task A_receiver_stays_on_a_session_while_it_has_messages()
    {
        var app = App();
        var gate = new SemaphoreSlim(0);
        app.Handle = async (_, ct) =>
        {
            await gate.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, BusHost.Settings with { MaxConcurrentSessions = 1 });
        await host.Send("runs", BusHost.Message("a1", "a"), BusHost.Message("b1", "b"), BusHost.Message("a2", "a"));
        await host.Send("runs", BusHost.Message("b2", "b"), BusHost.Message("a3", "a"));
        gate.Release(5);
        await app.WaitFor(5);
        Assert.Equal(["a1", "a2", "a3", "b1", "b2"], app.DeliveredIds);
    }

    [Fact]
    public async Task With_cardinality_many_a_batch_comes_from_one_session_and_takes_what_is_there()
    {
        var release = new TaskCompletionSource();
        var app = App(many: true);
        app.Handle = async (_, ct) =>
        {
            await release.Task.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, BusHost.Settings with { MaxMessageBatchSize = 4 });
        await host.Send("runs", BusHost.Message("first"));
        await app.WaitFor(1);
        await host.Send("runs", Enumerable.Range(0, 10).Select(i => BusHost.Message($"{i}", i == 3 ? "other" : "s")).ToArray());
        release.SetResult();
        await app.WaitFor(11);
        var batches = app.Deliveries.Where(d => d.SessionIds[0] == "s").Select(d => string.Join(' ', d.MessageIds));
        Assert.Equal(["first", "0 1 2 4", "5 6 7 8", "9"], [.. batches]);
        Assert.Equal(["3"], app.Deliveries.Single(d => d.SessionIds[0] == "other").MessageIds);
    }

    [Fact]
    public async Task An_abandoned_message_is_the_next_of_its_session_again_and_its_deliveries_are_counted()
    {
        var app = App();
        app.Handle = (delivery, _) => Task.FromResult(delivery.MessageIds[0] == "bad" && delivery.DeliveryCounts[0] < 3 ? "no" : null);
        await using var host = await BusHost.Start(app);
        await host.Send("runs", BusHost.Message("bad"), BusHost.Message("good"));
        await app.WaitFor(4);
        Assert.Equal(["bad", "bad", "bad", "good"], app.DeliveredIds);
        Assert.Equal([1, 2, 3, 1], app.Deliveries.Select(d => d.DeliveryCounts[0]));
        Assert.Single(app.Deliveries.Take(3).Select(d => d.SequenceNumbers[0]).Distinct());
        await Empty(host, "runs");
    }

    [Fact]
    public async Task After_the_last_permitted_delivery_a_message_is_dead_lettered_listed_and_can_be_sent_again()
    {
        var app = App();
        app.Handle = (delivery, _) => Task.FromResult(delivery.MessageIds[0] == "poison" ? "Response status 500 (it hurts)" : null);
        await using var host = await BusHost.Start(app);
        await host.Send("runs", BusHost.Message("poison", body: """{"why":"to fail"}"""), BusHost.Message("good"));
        var deliveries = await app.WaitFor(11);
        Assert.Equal("good", deliveries[10].MessageIds[0]);
        Assert.Equal(Enumerable.Range(1, 10), deliveries.Take(10).Select(d => d.DeliveryCounts[0]));

        var letter = Assert.Single((await DeadLetters(host, "runs")).EnumerateArray());
        Assert.Equal("poison", letter.GetProperty("message_id").GetString());
        Assert.Equal("s", letter.GetProperty("session_id").GetString());
        Assert.Equal("""{"why":"to fail"}""", letter.GetProperty("body").GetString());
        Assert.Equal(10, letter.GetProperty("delivery_count").GetInt32());
        Assert.Equal("MaxDeliveryCountExceeded", letter.GetProperty("dead_letter_reason").GetString());
        Assert.Contains("it hurts", letter.GetProperty("dead_letter_error_description").GetString(), StringComparison.Ordinal);

        app.Handle = (_, _) => Task.FromResult<string?>(null);
        var sequence = letter.GetProperty("sequence").GetInt64();
        using var resubmitted = await host.Http.PostAsync($"admin/servicebus/queues/runs/deadletters/{sequence}/resubmit", null);
        Assert.Equal(HttpStatusCode.OK, resubmitted.StatusCode);
        var again = (await app.WaitFor(12))[11];
        Assert.Equal(["poison"], again.MessageIds);
        Assert.Equal([1], again.DeliveryCounts);
        Assert.True(again.SequenceNumbers[0] > sequence);
        Assert.Empty((await DeadLetters(host, "runs")).EnumerateArray());
    }

    [Fact]
    public async Task Dead_letters_are_paged_and_can_be_deleted()
    {
        var app = App();
        app.Handle = (_, _) => Task.FromResult<string?>("no");
        var settings = BusHost.Settings with
        {
            Queues = new Dictionary<string, QueueSettings>(StringComparer.Ordinal) { ["mail"] = new() { MaxDeliveryCount = 1 } },
        };
        await using var host = await BusHost.Start(app, settings);
        await host.Send("mail", BusHost.Message("1", null), BusHost.Message("2", null), BusHost.Message("3", null));
        await Eventually.Holds(() => DeadLetters(host, "mail"), letters => letters.GetArrayLength() == 3);

        const string Page = "admin/servicebus/queues/mail/deadletters?limit=2";
        var first = await host.Http.GetFromJsonAsync<JsonElement>(Page);
        Assert.Equal(2, first.GetProperty("items").GetArrayLength());
        var second = await host.Http.GetFromJsonAsync<JsonElement>($"{Page}&after={first.GetProperty("next")}");
        var last = Assert.Single(second.GetProperty("items").EnumerateArray());
        Assert.False(second.TryGetProperty("next", out _));

        var address = $"admin/servicebus/queues/mail/deadletters/{last.GetProperty("sequence")}";
        using var deleted = await host.Http.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await host.Http.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("application/problem+json", gone.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_message_id_seen_in_the_window_is_accepted_and_dropped()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var app = App();
        await using var host = await BusHost.Start(app, clock: clock);
        using var token = await host.Post("mail", "1", """{"MessageId":"x"}""");
        Assert.Equal(HttpStatusCode.Created, token.StatusCode);
        await app.WaitFor(1);
        await host.Send("mail", [.. "xyyz".Select(id => BusHost.Message($"{id}", null))]);
        await app.WaitFor(3);
        clock.Advance(TimeSpan.FromMinutes(10));
        await host.Send("mail", BusHost.Message("x", null));
        await app.WaitFor(4);
        Assert.Equal(["x", "x", "y", "z"], [.. app.DeliveredIds.Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task A_scheduled_message_is_invisible_until_due_and_takes_its_place_then()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var app = App();
        await using var host = await BusHost.Start(app, clock: clock);
        await host.Send(
            "runs",
            BusHost.Message("later", due: clock.GetUtcNow().AddMinutes(2)),
            BusHost.Message("sooner", due: clock.GetUtcNow().AddMinutes(1)),
            BusHost.Message("now"));
        await app.WaitFor(1);
        Assert.Equal(2, (await Counts(host, "runs")).GetProperty("scheduled").GetInt32());
        const string Iso = """{"MessageId":"iso","SessionId":"s","ScheduledEnqueueTimeUtc":"2026-01-15T00:01:00.5Z"}""";
        using var iso = await host.Post("runs", "{}", Iso);
        Assert.Equal(HttpStatusCode.Created, iso.StatusCode);
        // Each step is seen by the alarm clock of the broker, which may still be setting itself.
        await Eventually.Holds(() => Step(clock, TimeSpan.FromSeconds(5)), _ => app.Deliveries.Count == 4);
        Assert.Equal(["now", "sooner", "iso", "later"], app.DeliveredIds);
        Assert.True(app.Deliveries.Zip(app.Deliveries.Skip(1)).All(pair => pair.First.SequenceNumbers[0] < pair.Second.SequenceNumbers[0]));
    }

    [Fact]
    public async Task An_expired_message_is_not_delivered()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var release = new TaskCompletionSource();
        var app = App();
        app.Handle = async (_, ct) =>
        {
            await release.Task.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, clock: clock);
        await host.Send("runs", BusHost.Message("first"));
        using var answer = await host.Post("runs", "{}", """{"MessageId":"short","SessionId":"s","TimeToLive":30}""");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await host.Send("runs", BusHost.Message("last"));
        clock.Advance(TimeSpan.FromSeconds(30));
        release.SetResult();
        await app.WaitFor(2);
        Assert.Equal(["first", "last"], app.DeliveredIds);
        await Empty(host, "runs");
    }

    [Fact]
    public async Task A_function_that_runs_longer_than_the_lock_keeps_its_session()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var release = new TaskCompletionSource();
        var app = App();
        app.Handle = async (delivery, ct) =>
        {
            if (delivery.SessionIds[0] == "s")
                await release.Task.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, clock: clock);
        await host.Send("runs", BusHost.Message("long"));
        await app.WaitFor(1);
        clock.Advance(TimeSpan.FromMinutes(10));
        await host.Send("runs", BusHost.Message("behind"), BusHost.Message("beside", "t"));
        await app.WaitFor(2);
        Assert.Equal(["long", "beside"], app.DeliveredIds);
        release.SetResult();
        await app.WaitFor(3);
        Assert.Equal(["long", "beside", "behind"], app.DeliveredIds);
        Assert.All(app.Deliveries, d => Assert.Equal([1], d.DeliveryCounts));
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("mail")]
    public async Task Waiting_for_an_app_that_does_not_answer_is_no_delivery(string queue)
    {
        var app = new FakeFunctionApp(FakeFunctionApp.Function("runs"), FakeFunctionApp.Function("mail", sessions: false)) { StartsReady = false };
        await using var host = await BusHost.Start(app);
        await host.Send(queue, BusHost.Message("early"));

        var waiting = new FakeFunctionApp(FakeFunctionApp.Function("runs"), FakeFunctionApp.Function("mail", sessions: false)) { StartsReady = false };
        await using var restarted = await host.StartAfterCrash(waiting);
        await restarted.Send(queue, BusHost.Message("late"));
        waiting.BecomeReady();
        await waiting.WaitFor(2);
        Assert.All(waiting.Deliveries, d => Assert.Equal([1], d.DeliveryCounts));
        await Empty(restarted, queue);
    }

    [Fact]
    public async Task A_queue_without_sessions_is_served_by_as_many_calls_as_host_json_allows()
    {
        var release = new TaskCompletionSource();
        var running = new RunningBySession();
        var app = App();
        app.Handle = async (_, ct) =>
        {
            using (running.Begin("any"))
                await release.Task.WaitAsync(ct);
            return null;
        };
        await using var host = await BusHost.Start(app, BusHost.Settings with { MaxConcurrentCalls = 5 });
        await host.Send("mail", Enumerable.Range(0, 30).Select(i => BusHost.Message($"{i}", null)).ToArray());
        await Eventually.Holds(() => running.MostInOneSession, most => most == 5);
        release.SetResult();
        await app.WaitFor(30);
        await Empty(host, "mail");
        Assert.Equal(5, running.MostInOneSession);
        Assert.Equal(30, app.DeliveredIds.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Every_message_sent_by_many_at_once_is_delivered_once()
    {
        var app = App(many: true);
        await using var host = await BusHost.Start(app);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async sender =>
        {
            for (var i = 0; i < 25; i++)
            {
                var id = $"{sender}-{i}";
                await host.Send("runs", BusHost.Message(id, $"{(sender + i) % 12}"), BusHost.Message(id + "b", $"{sender}"));
            }
        }));
        await app.WaitFor(1_000);
        await Empty(host, "runs");
        Assert.Equal(1_000, app.DeliveredIds.Count);
        Assert.Equal(1_000, app.DeliveredIds.Distinct(StringComparer.Ordinal).Count());
    }

    private static TimeSpan Step(ManualTimeProvider clock, TimeSpan by)
    {
        clock.Advance(by);
        return by;
    }

    internal static async Task<JsonElement> DeadLetters(BusHost host, string queue) =>
        (await host.Http.GetFromJsonAsync<JsonElement>($"admin/servicebus/queues/{queue}/deadletters")).GetProperty("items");

    internal static async Task<JsonElement> Counts(BusHost host, string queue)
    {
        var queues = await host.Http.GetFromJsonAsync<JsonElement>("admin/servicebus/queues");
        return queues.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("name").GetString() == queue);
    }

    internal static Task Empty(BusHost host, string queue) =>
        Eventually.Holds(() => Counts(host, queue), counts => counts.GetProperty("active").GetInt32() == 0);

    /// <summary>Counts what runs at the same time.</summary>
    private sealed class RunningBySession
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, int> running = new(StringComparer.Ordinal);

        public volatile int MostInOneSession;

        public volatile int MostSessions;

        public IDisposable Begin(string session)
        {
            lock (gate)
            {
                running[session] = running.GetValueOrDefault(session) + 1;
                MostInOneSession = Math.Max(MostInOneSession, running[session]);
                MostSessions = Math.Max(MostSessions, running.Count(r => r.Value > 0));
            }
            return new Ending(this, session);
        }

        private void End(string session)
        {
            lock (gate)
                running[session]--;
        }

        private sealed class Ending(RunningBySession owner, string session) : IDisposable
        {
            public void Dispose() => owner.End(session);
        }
    }
}
