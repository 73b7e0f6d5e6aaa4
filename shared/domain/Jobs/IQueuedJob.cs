using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Jobs;

/// <summary>What the queue executes: a run or a sweep, a document in its account's partition.</summary>
/// <typeparam name="TSelf">The job itself.</typeparam>
public interface IQueuedJob<TSelf> where TSelf : class, IQueuedJob<TSelf>
{
    /// <summary>The lane that serves it.</summary>
    Lane Queue { get; }

    /// <summary>How many times execution has begun.</summary>
    int Attempt { get; }

    DateTimeOffset CreatedAt { get; }

    /// <summary>True once nothing about it changes any more.</summary>
    bool IsFinished();

    /// <summary>True while a try is under way.</summary>
    bool IsRunning();

    /// <summary>The job as its next try begins.</summary>
    TSelf Begin(DateTimeOffset now);

    /// <summary>The job as it waits for its next try.</summary>
    TSelf PutBack();

    /// <summary>The job with the time when somebody looks at it next, see <see cref="JobWatch"/>.</summary>
    TSelf WatchAgain(string until);

    /// <summary>The message that executes it once more.</summary>
    /// <param name="reason">Names this sending among those of the job.</param>
    OutboxEntry SendAgain(string sessionId, string reason, DateTimeOffset now, DateTimeOffset? scheduledFor);
}
