namespace Hexabase.Domain.Jobs;

/// <summary>What the watch does for one kind of jobs.</summary>
public interface IJobEnding
{
    /// <summary>Begins the ids of the documents of its jobs.</summary>
    string DocumentPrefix { get; }

    /// <summary>Gives up a job that was not executed within a day, and gives back what it took.</summary>
    Task GiveUp(string accountId, string serial, CancellationToken ct);

    /// <summary>Sends a job once more, unless it has finished.</summary>
    Task SendAgain(JobQueue queue, string accountId, string documentId, CancellationToken ct);
}
