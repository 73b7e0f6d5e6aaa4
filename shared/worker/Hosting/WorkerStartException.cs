namespace Hexabase.Worker.Hosting;

/// <summary>The worker cannot start as it was started. The message says what to do, on one line.</summary>
public sealed class WorkerStartException(string message) : Exception(message);
