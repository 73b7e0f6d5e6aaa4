namespace Hexabase.Worker.Durable.Replay;

/// <summary>An orchestration awaited what is not of its context.</summary>
internal sealed class ForeignAwaitException() : Exception(
    "An orchestration may await only the tasks of its context. This one awaited something else (I/O, Task.Delay, Task.Run, Task.Yield or "
    + "the like), or used its context from there: no replay can repeat that. Let an activity do it.");
