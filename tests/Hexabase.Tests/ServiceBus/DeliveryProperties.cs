using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.ServiceBus;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.ServiceBus;

/// <summary>Whatever happens, every accepted message ends exactly once, and the order within a session holds.</summary>
public sealed class DeliveryProperties
{
    private const int Sessions = 3;
    private const int MaxDeliveryCount = 3;

    private static readonly ServiceBusSettings Settings = new("local", "key")
    {
        MaxConcurrentSessions = 2,
        MaxMessageBatchSize = 3,
        Queues = new Dictionary<string, QueueSettings>(StringComparer.Ordinal) { ["runs"] = new() { MaxDeliveryCount = MaxDeliveryCount } },
    };

    private static readonly Gen<Step> Sends =
        from session in Gen.Choose(0, Sessions - 1)
        from count in Gen.Choose(1, 5)
        select (Step)new Step.Send($"session {session}", count);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, Sends),
        (1, Gen.Constant((Step)new Step.Repeat())),
        (1, Gen.Constant((Step)new Step.Pause())),
        (1, Gen.Constant((Step)new Step.Restart())),
        (1, Gen.Constant((Step)new Step.Crash())));

    private static readonly Arbitrary<Story> Stories = (
        from many in Gen.Elements(true, false)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from steps in Gen.ListOf(Steps, 25)
        select new Story(many, seed, [.. steps])).ToArbitrary();

    [Fact]
    public void Every_accepted_message_is_completed_exactly_once_or_dead_lettered_and_sessions_keep_their_order() =>
        Prop.ForAll(Stories, Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    private static async Task Holds(Story story)
    {
        var told = new Told(story);
        await told.Play();

        // A crash may come between a function's success and its completion: then it succeeds once more, as at-least-once allows.
        var crashes = story.Steps.Count(s => s is Step.Crash);
        foreach (var id in told.Accepted.Select(m => m.Id))
        {
            var successes = told.Succeeded.Count(s => s == id);
            var isDead = told.DeadLetters.Contains(id, StringComparer.Ordinal);
            if (isDead)
                Assert.InRange(successes, 0, crashes);
            else
                Assert.InRange(successes, 1, 1 + crashes);
            // A crash may also come between the lock, which counts the delivery, and the call of the function.
            Assert.InRange(told.Deliveries.Count(d => d == id), isDead ? Math.Max(0, MaxDeliveryCount - crashes) : 1, MaxDeliveryCount);
        }
        foreach (var session in told.Accepted.GroupBy(m => m.Session, StringComparer.Ordinal))
        {
            var firstSuccesses = told.Succeeded.Distinct(StringComparer.Ordinal).Where(id => session.Any(m => m.Id == id));
            var sent = session.Select(m => m.Id).Where(id => told.Succeeded.Contains(id, StringComparer.Ordinal));
            Assert.Equal([.. sent], [.. firstSuccesses]);
        }
        Assert.Equal(told.Accepted.Count, told.Accepted.Select(m => m.Id).Union(told.Succeeded, StringComparer.Ordinal).Count());
    }

    /// <param name="Many">Cardinality of the binding.</param>
    /// <param name="Seed">Decides which deliveries fail.</param>
    private sealed record Story(bool Many, int Seed, IReadOnlyList<Step> Steps)
    {
        public override string ToString() => $"many: {Many}, seed: {Seed}, steps: {string.Join(", ", Steps)}";
    }

    private abstract record Step
    {
        public sealed record Send(string Session, int Count) : Step;

        /// <summary>The last send once more, as after a lost answer.</summary>
        public sealed record Repeat : Step;

        /// <summary>Time for deliveries.</summary>
        public sealed record Pause : Step;

        /// <summary>The host is stopped and started: what has ended is settled.</summary>
        public sealed record Restart : Step;

        /// <summary>The host is killed: only what is in the file counts.</summary>
        public sealed record Crash : Step;
    }

    /// <summary>A story as it went.</summary>
    private sealed class Told(Story story)
    {
        private readonly ConcurrentQueue<string> succeeded = new();
        private readonly ConcurrentQueue<string> deliveries = new();
        private volatile Host? live;

        public List<(string Id, string Session)> Accepted { get; } = [];

        public IReadOnlyList<string> DeadLetters { get; private set; } = [];

        public IReadOnlyList<string> Succeeded => [.. succeeded];

        public IReadOnlyList<string> Deliveries => [.. deliveries];

        public async Task Play()
        {
            var host = live = await Host.Start(new TemporaryFolder(), story.Many, Handle);
            List<IncomingMessage> last = [];
            foreach (var step in story.Steps)
            {
                switch (step)
                {
                    case Step.Send send:
                        last = [.. Enumerable.Range(0, send.Count).Select(i => Message($"{Accepted.Count + i}", send.Session))];
                        await host.Send(last);
                        Accepted.AddRange(last.Select(m => (m.Properties.MessageId!, send.Session)));
                        break;
                    case Step.Repeat when last.Count > 0:
                        await host.Send(last);
                        break;
                    case Step.Pause:
                        await Task.Delay(2);
                        break;
                    case Step.Restart:
                        await host.Stop();
                        host = live = await Host.Start(host.Folder, story.Many, Handle);
                        break;
                    case Step.Crash:
                        var killed = host;
                        live = null;
                        host = await Host.Start(killed.CopyFolder(), story.Many, Handle, started => live = started);
                        await killed.Stop();
                        killed.Folder.Dispose();
                        break;
                }
            }
            await Eventually.Holds(() => host.Left, left => left == 0);
            DeadLetters = host.DeadLetters();
            await host.Stop();
            host.Folder.Dispose();
        }

        private async Task<string?> Handle(Host by, Delivery delivery, CancellationToken ct)
        {
            await Task.Yield();
            // What a killed host still does is of another world.
            if (live != by)
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            foreach (var id in delivery.MessageIds)
                deliveries.Enqueue(id);
            if (delivery.MessageIds.Zip(delivery.DeliveryCounts).Any(d => Fails(d.First, d.Second)))
                return "by chance";
            foreach (var id in delivery.MessageIds)
                succeeded.Enqueue(id);
            return null;
        }

        /// <summary>One in twelve always fails, of the others one delivery in four.</summary>
        private bool Fails(string id, int delivery)
        {
            var message = new Random(unchecked((story.Seed * 31) + int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
            var poison = message.Next(12) == 0;
            return poison || Enumerable.Range(0, delivery).Select(_ => message.Next(4)).Last() == 0;
        }

        private static IncomingMessage Message(string id, string session) =>
            new(new BrokerProperties { MessageId = id, SessionId = session }, "{}", "x"u8.ToArray(), DueAt: null, TimeToLive: null);
    }

    private sealed class Host(TemporaryFolder folder, SqliteDatabase database, ServiceBusBroker broker, BusQueue queue)
    {
        public TemporaryFolder Folder => folder;

        public long Left => broker.Count(queue).Active;

        public static async Task<Host> Start(
            TemporaryFolder folder, bool many, Func<Host, Delivery, CancellationToken, Task<string?>> handle, Action<Host>? before = null)
        {
            var database = SqliteDatabase.Open(folder.File("local.db"), ServiceBusSchema.Sql);
            var app = new FakeFunctionApp(FakeFunctionApp.Function("runs", many: many));
            var broker = new ServiceBusBroker(database, app, Settings, TimeProvider.System, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLogger<ServiceBusBroker>.Instance);
            var host = new Host(folder, database, broker, broker.Queues.Single());
            before?.Invoke(host);
            app.Handle = (delivery, ct) => handle(host, delivery, ct);
            await broker.StartAsync(CancellationToken.None);
            return host;
        }

        public Task Send(IReadOnlyList<IncomingMessage> messages) => broker.Send(queue, messages, CancellationToken.None);

        public IReadOnlyList<string> DeadLetters() => [.. broker.DeadLetters.List(queue.Name, 0, 1_000).Select(d => d.MessageId)];

        public TemporaryFolder CopyFolder()
        {
            var copy = new TemporaryFolder();
            foreach (var path in Directory.GetFiles(folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(path, copy.File(Path.GetFileName(path)));
            return copy;
        }

        public async Task Stop()
        {
            await broker.StopAsync(CancellationToken.None);
            broker.Dispose();
            await database.DisposeAsync();
        }
    }
}
