using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Hexabase.Durable;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>
/// The host's side of the replay vectors: what the reference's orchestrators answer is given to the engine, and every request that it
/// makes is that of the vectors, byte for byte but for the execution id, which is the engine's choice.
/// </summary>
public sealed class EngineVectorTests
{
    private const string InstanceId = "order-42";

    public static TheoryData<string, bool> Scenarios
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var scenario in ReplayVectors.All.Select(Scenario).Distinct(StringComparer.Ordinal))
            {
                data.Add(scenario, false);
                data.Add(scenario, true);
            }
            return data;
        }
    }

    [ReplayVectorTheory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_turn_is_asked_for_as_the_reference_engine_asks(string scenario, bool restartsBeforeEachTurn)
    {
        ReplayVector[] vectors = [.. ReplayVectors.All.Where(v => Scenario(v) == scenario)];
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var story = new Story(scenario, vectors);
        var host = await EngineHost.Start(story.App, clock);
        foreach (var (turn, i) in vectors.Select((v, i) => (v.Request, i)))
        {
            story.App.Pause();
            clock.Advance(turn.NewEvents[0].Timestamp.ToDateTimeOffset() - clock.GetUtcNow());
            foreach (var happened in turn.NewEvents.Skip(1))
                await story.Cause(happened, host);
            await Eventually.Holds(() => host.Waiting(InstanceId), waiting => waiting == turn.NewEvents.Count - 1);

            // What came last is stored, but may be on its way to the player still: only from the file it is certain to get all at once.
            if (restartsBeforeEachTurn || turn.NewEvents.Count > 2)
                host = await host.StartAgain(story.App, clock);
            story.App.Resume();
            await Eventually.Holds(() => host.Waiting(InstanceId) == 0, $"turn {i + 1} ends");
            Assert.Equal(Comparable(turn), Comparable(story.Requests[i]));
        }
        await host.DisposeAsync();
    }

    private static string Scenario(ReplayVector vector) => vector.Turn.Split(' ')[0];

    private static string Comparable(OrchestratorRequest request)
    {
        var clone = request.Clone();
        foreach (var started in clone.PastEvents.Concat(clone.NewEvents).Select(e => e.ExecutionStarted).OfType<ExecutionStartedEvent>())
            started.OrchestrationInstance.ExecutionId = "any";
        return clone.ToByteString().ToBase64();
    }

    /// <summary>The app of one scenario, and what happens around it.</summary>
    private sealed class Story
    {
        private readonly Channel<InvocationResult> child = Channel.CreateUnbounded<InvocationResult>();
        private readonly ConcurrentDictionary<string, Channel<InvocationResult>> ends = new(StringComparer.Ordinal);
        private readonly ReplayVector[] vectors;

        public Story(string scenario, ReplayVector[] vectors)
        {
            this.vectors = vectors;
            App = new EngineApp([scenario, "Child"], ["Reserve", "Charge", "Deploy", "Work", "Escalate", "Long", "A", "B"])
            {
                Turn = async (name, request, ct) => name == "Child"
                    ? await child.Reader.ReadAsync(ct)
                    : Requests.Count <= vectors.Length
                        ? EngineApp.Returned($"\"{vectors[Requests.Count - 1].Response}\"")
                        : EngineApp.Answer(new OrchestratorResponse()),
                Activity = async (activity, ct) => await EndsOf(activity.Input).Reader.ReadAsync(ct),
            };
        }

        public EngineApp App { get; }

        public IReadOnlyList<OrchestratorRequest> Requests => [.. App.Turns.Where(t => t.InstanceId == InstanceId)];

        public async Task Cause(HistoryEvent happened, EngineHost host)
        {
            if (happened.ExecutionStarted is { } started)
                await host.Start(InstanceId, started.Name, started.Input);
            else if (happened.TaskCompleted is { } completed)
                await EndTask(completed.TaskScheduledId, EngineApp.Returned(completed.Result), host);
            else if (happened.TaskFailed is { } failed)
                await EndTask(failed.TaskScheduledId, new InvocationResult(failed.FailureDetails.InnerFailure.ErrorMessage), host);
            else if (happened.SubOrchestrationInstanceCompleted is { } end)
                child.Writer.TryWrite(EngineApp.Answer(Completion(end.Result)));
            else if (happened.EventRaised is { } raised)
                await host.Engine.Raise(InstanceId, raised.Name, raised.Input, CancellationToken.None);
            else if (happened.ExecutionTerminated is { } terminated)
                await host.Engine.Terminate(InstanceId, terminated.Input, recurse: false, CancellationToken.None);
            else if (happened.ExecutionSuspended is { } suspended)
                await host.Engine.Suspend(InstanceId, suspended.Input, CancellationToken.None);
            else if (happened.ExecutionResumed is { } resumed)
                await host.Engine.Resume(InstanceId, resumed.Input, CancellationToken.None);
            else
                Assert.NotNull(happened.TimerFired); // the clock does it
        }

        /// <summary>Ends an activity, and waits until the engine has heard of it, for the order of events is the vectors'.</summary>
        private async Task EndTask(int id, InvocationResult result, EngineHost host)
        {
            var before = host.Waiting(InstanceId);
            var call = vectors.SelectMany(v => v.Actions).Single(a => a.Id == id && a.ScheduleTask is not null).ScheduleTask;
            EndsOf(call.Input).Writer.TryWrite(result);
            await Eventually.Holds(() => host.Waiting(InstanceId), waiting => waiting == before + 1);
        }

        private Channel<InvocationResult> EndsOf(string? input) => ends.GetOrAdd(input ?? "", _ => Channel.CreateUnbounded<InvocationResult>());

        private static OrchestratorResponse Completion(string result) => new()
        {
            Actions = { new OrchestratorAction { CompleteOrchestration = new() { OrchestrationStatus = OrchestrationStatus.Completed, Result = result } } },
        };
    }
}
