using System.Buffers;
using Google.Protobuf;
using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>
/// One execution of an instance as its next turn needs it, whole in memory. Used by one turn at a time.
/// </summary>
/// <param name="Number">Names the instance in the store, for ever.</param>
/// <param name="Parent">The orchestration that waits for it; null for none.</param>
internal sealed record Execution(long Number, string InstanceId, string Id, string Name, ParentInstanceInfo? Parent)
{
    private readonly ArrayBufferWriter<byte> past = new();

    /// <summary>Pending before the first turn, then Running or Suspended.</summary>
    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    /// <summary>As <see cref="OrchestrationStatus"/> has it at the end of the last turn; JSON, null when there is none.</summary>
    public string? CustomStatus { get; set; }

    /// <summary>The events of all turns so far, as they stand in a request.</summary>
    public ReadOnlyMemory<byte> Past => past.WrittenMemory;

    /// <summary>Memory that it takes.</summary>
    public int SizeBytes => past.Capacity;

    public void Append(ReadOnlySpan<byte> turn) => past.Write(turn);

    /// <summary>Events in the form in which the past of a request is made up: field 3 of OrchestratorRequest, again and again.</summary>
    public static byte[] Encode(IEnumerable<HistoryEvent> events) => new OrchestratorRequest { PastEvents = { events } }.ToByteArray();

    /// <summary>The other way round.</summary>
    public static IReadOnlyList<HistoryEvent> Decode(ReadOnlySpan<byte> past) => OrchestratorRequest.Parser.ParseFrom(past).PastEvents;
}
