namespace Hexabase.Worker.Durable.Replay;

/// <summary>How a step ended.</summary>
/// <param name="Value">JSON text; null when there is no value or there is a failure.</param>
internal readonly record struct StepOutcome(string? Value, TaskFailureDetails? Failure = null);
