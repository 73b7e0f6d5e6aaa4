using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Benchmarks;

/// <summary>One turn of an orchestration whose history has so many activities in sequence: reading the request and replaying it.</summary>
[MemoryDiagnoser]
public class ReplayBenchmarks
{
    private static readonly OrchestratorCode Code = OrchestratorCodes.Of(() => new Steps());
    private static readonly Timestamp At = Timestamp.FromDateTime(new DateTime(2026, 1, 15, 0, 0, 0, DateTimeKind.Utc));

    private byte[] request = [];

    [Params(10, 100, 1_000, 10_000)]
    public int Activities { get; set; }

    [GlobalSetup]
    public void Record()
    {
        var turn = new OrchestratorRequest { InstanceId = "replayed" };
        var instance = new OrchestrationInstance { InstanceId = "replayed", ExecutionId = "1" };
        turn.PastEvents.Add(Event(e => e.OrchestratorStarted = new OrchestratorStartedEvent()));
        turn.PastEvents.Add(Event(e => e.ExecutionStarted = new ExecutionStartedEvent
        {
            Name = "Steps",
            Version = "",
            Input = JsonSerializer.Serialize(new StepsInput(Activities)),
            OrchestrationInstance = instance,
        }));
        for (var i = 0; i < Activities; i++)
        {
            var (id, before) = (i, $"{i}");
            turn.PastEvents.Add(Event(e =>
            {
                e.EventId = id;
                e.TaskScheduled = new TaskScheduledEvent { Name = "Next", Version = "", Input = before };
            }));
            turn.PastEvents.Add(Event(e => e.OrchestratorCompleted = new OrchestratorCompletedEvent()));
            var events = i == Activities - 1 ? turn.NewEvents : turn.PastEvents;
            events.Add(Event(e => e.OrchestratorStarted = new OrchestratorStartedEvent()));
            events.Add(Event(e => e.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = $"{id + 1}" }));
        }
        request = turn.ToByteArray();
        if (Turn().Actions is not [{ CompleteOrchestration.OrchestrationStatus: OrchestrationStatus.Completed }])
            throw new InvalidOperationException("The replay did not complete the orchestration.");
    }

    [Benchmark]
    public OrchestratorResponse Turn() => OrchestrationReplay.Run(
        OrchestratorRequest.Parser.ParseFrom(request), _ => Code, JsonSerializerOptions.Default, NullLoggerFactory.Instance);

    private static HistoryEvent Event(Action<HistoryEvent> set)
    {
        var made = new HistoryEvent { EventId = -1, Timestamp = At };
        set(made);
        return made;
    }
}
