namespace Hexabase.Sqlite;

/// <summary>Work that waits for the writer, and its caller's wait for the outcome.</summary>
internal abstract class PendingWrite
{
    /// <summary>
    /// Does the work inside the open transaction. What the work throws is kept for its caller and its changes are undone;
    /// only an error that ended the whole transaction is thrown on.
    /// </summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller how the work ended, after the transaction is on disk.</summary>
    public abstract void Acknowledge();

    /// <summary>Tells the caller that the transaction was lost.</summary>
    public abstract void Fail(Exception e);
}

/// <inheritdoc />
internal sealed class PendingWrite<T>(Func<SqliteSession, T> work, CancellationToken ct) : PendingWrite
{
    // Without this flag the writer's thread would run the callers' code.
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public Task<T> Completion => completion.Task;

    public override void Run(SqliteSession session)
    {
        if (ct.IsCancellationRequested)
        {
            failure = new OperationCanceledException(ct);
            return;
        }
        session.Execute("savepoint work");
        try
        {
            result = work(session);
        }
#pragma warning disable CA1031 // Whatever the work throws goes to its caller; the others of the group must not notice.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            if (!session.InTransaction)
                throw;
            session.Undo();
        }
        session.Execute("release work");
    }

    public override void Acknowledge()
    {
        if (failure is OperationCanceledException cancelled)
            completion.SetCanceled(cancelled.CancellationToken);
        else if (failure is not null)
            completion.SetException(failure);
        else
            completion.SetResult(result!);
    }

    public override void Fail(Exception e) => completion.SetException(failure ?? e);
}
