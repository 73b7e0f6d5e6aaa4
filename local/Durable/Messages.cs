using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>Something that has happened, on its way to an instance.</summary>
/// <param name="Id">Ascending in the order of arrival, while the platform runs.</param>
/// <param name="Execution">The one that it is for; null for whichever runs.</param>
/// <param name="Ahead">Comes before all that have arrived: a start, and what was carried over from the execution before.</param>
internal sealed record Message(long Id, string? Execution, bool Ahead, HistoryEvent Event);

/// <summary>A message that is stored, and where it goes.</summary>
/// <param name="Fresh">Of a new execution, which has no more in the store than this message.</param>
internal sealed record Posting(long Instance, Message Message, Execution? Fresh = null);

/// <summary>An activity that is to run.</summary>
/// <param name="Id">Ascending in the order of scheduling.</param>
/// <param name="Task">Number of the call within its execution.</param>
/// <param name="Input">JSON; null for none.</param>
/// <param name="CutOff">How often it was begun before and came to no end, because the platform died or the time was up.</param>
internal sealed record ActivityWork(
    long Id, long Instance, string InstanceId, string Execution, int Task, string Name, string? Input, int CutOff);
