using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Sqlite;

namespace Hexabase.Local.Durable;

/// <summary>
/// Instances, their messages, activities and timers in SQLite. What a method changes is durable when its task completes, and all of
/// it or nothing.
/// </summary>
internal sealed class InstanceStore
{
    /// <summary>Deliveries of an activity that may be cut off by the end of the platform or of its time before it is given up.</summary>
    public const int MostCutOff = 5;

    private const string RunningMark = "durable_running";
    private const string Unfinished = "(0, 6, 7)"; // RUNNING, PENDING, SUSPENDED of OrchestrationStatus

    private readonly SqliteDatabase database;
    private readonly TimeProvider clock;

    // Read and written on the writer's thread only. Not given again in this process, even after a message is gone: see Instances.
    private long lastMessage;

    public InstanceStore(SqliteDatabase database, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        lastMessage = database.Read(s => s.Scalar("select max(id) from durable_messages", 0L));
    }

    /// <summary>
    /// What is to be gone on with after a restart. An activity that the end of the last run cut off for the last time that is permitted
    /// has failed. Activities are begun in the order of their ids, so those that ran when the platform died are the first ones.
    /// </summary>
    /// <param name="concurrentActivities">How many may have run.</param>
    public Task<Backlog> Recover(int concurrentActivities, CancellationToken ct) => database.Write(session =>
    {
        if (session.Execute("delete from meta where key = $1", RunningMark) == 1)
        {
            session.Execute(
                "update durable_activities set cut_off = cut_off + 1 where id in (select id from durable_activities order by id limit $1)",
                concurrentActivities);
        }
        var activities = session.Query(
            "select id, instance, instance_id, execution, task, name, input, cut_off from durable_activities order by id",
            row => new ActivityWork(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetString(2),
                row.GetString(3),
                row.GetInt32(4),
                row.GetString(5),
                row.GetFieldValue<string?>(6),
                row.GetInt32(7)));
        return new Backlog(session.Query("select distinct instance from durable_messages", row => row.GetInt64(0)), activities);
    }, ct);

    /// <summary>From here on functions are called: if the mark is found by <see cref="Recover"/>, the platform was killed.</summary>
    public Task MarkRunning(CancellationToken ct) =>
        database.Write(session => session.Execute("insert or ignore into meta (key, value) values ($1, 1)", RunningMark), ct);

    /// <summary>From here on no function runs that anybody waits for.</summary>
    public Task MarkStopped() => database.Write(session => session.Execute("delete from meta where key = $1", RunningMark));

    /// <summary>
    /// Starts an instance. One that has finished is replaced; null when there is one of the same id that has not, unless
    /// <paramref name="replaceRunning"/>.
    /// </summary>
    public Task<Posting?> Start(string id, string name, string? input, bool replaceRunning, CancellationToken ct) =>
        database.Write(session => Start(session, new NewInstance(id, name, Version: "", input), replaceRunning), ct);

    /// <summary>Sends an event to an instance, whichever execution of it runs.</summary>
    public Task<Delivery> Send(string id, HistoryEvent happened, CancellationToken ct) => database.Write(session =>
    {
        if (Find(session, id) is not { } found)
            return new Delivery(DeliveryStatus.NoSuchInstance, null);
        return found.IsFinished
            ? new Delivery(DeliveryStatus.Finished, null)
            : new Delivery(DeliveryStatus.Sent, Post(session, found.Number, execution: null, ahead: false, happened));
    }, ct);

    /// <summary>An instance for its next turn, and the messages that wait for it; null when it is gone or finished.</summary>
    public (Execution Execution, IReadOnlyList<Message> Waiting)? Load(long number) =>
        database.Read<(Execution, IReadOnlyList<Message>)?>(session => Load(session, number));

    /// <summary>
    /// Ends a turn: the history grows, the messages that it has read are gone, and all that it asked for is stored. Null when the
    /// instance is no longer there, which leaves everything as it is.
    /// </summary>
    /// <param name="added">The turn's events, encoded.</param>
    public Task<TurnEffects?> Commit(Execution execution, Turn turn, byte[] added, IReadOnlyList<Message> read) => database.Write(session =>
    {
        var next = turn.Status == OrchestrationStatus.ContinuedAsNew ? NewExecutionId() : execution.Id;
        var status = turn.Status == OrchestrationStatus.ContinuedAsNew ? OrchestrationStatus.Running : turn.Status;
        var updated = session.Execute(
            $"""
            update durable_instances set execution = $3, status = $4, output = $5, custom_status = $6, updated_at = $7
            where number = $1 and execution = $2 and status in {Unfinished}
            """,
            execution.Number,
            execution.Id,
            next,
            (int)status,
            turn.IsFinished ? turn.Output : null,
            turn.CustomStatus,
            Now);
        if (updated == 0)
            return null;
        foreach (var message in read)
            session.Execute("delete from durable_messages where id = $1", message.Id);
        session.Execute("insert into durable_history (instance, events) values ($1, $2)", execution.Number, added);

        var effects = new TurnEffects();
        foreach (var action in turn.Actions)
            Do(session, action, execution, effects);
        if (turn.IsFinished)
            Finish(session, execution, turn, effects);
        if (turn.Status == OrchestrationStatus.ContinuedAsNew)
            Continue(session, execution, next, turn, effects);
        return effects;
    });

    /// <summary>Ends an activity; null when the execution that called it is over, which makes it pointless to say how.</summary>
    public Task<Posting?> End(ActivityWork work, HistoryEvent end) => database.Write(session =>
        session.Execute("delete from durable_activities where id = $1", work.Id) == 1 && IsRunning(session, work.Instance, work.Execution)
            ? Post(session, work.Instance, work.Execution, ahead: false, end)
            : null);

    /// <summary>Remembers that an activity came to no end, so that it is begun again.</summary>
    public Task<ActivityWork> CutOff(ActivityWork work) => database.Write(session =>
    {
        session.Execute("update durable_activities set cut_off = cut_off + 1 where id = $1", work.Id);
        return work with { CutOff = work.CutOff + 1 };
    });

    /// <summary>Fires the timers whose time has come.</summary>
    /// <param name="most">Most timers of one write.</param>
    public Task<DueTimers> FireDue(int most, CancellationToken ct) => database.Write(session =>
    {
        var now = clock.GetUtcNow();
        var due = session.Query(
            "select id, instance, execution, timer, fire_at from durable_timers where fire_at <= $1 order by fire_at, id limit $2",
            row => (
                Id: row.GetInt64(0),
                Instance: row.GetInt64(1),
                Execution: row.GetString(2),
                Timer: row.GetInt32(3),
                FireAt: new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero).ToTimestamp()),
            now.UtcTicks,
            most);
        var postings = new List<Posting>(due.Count);
        foreach (var timer in due)
        {
            session.Execute("delete from durable_timers where id = $1", timer.Id);
            postings.Add(Post(session, timer.Instance, timer.Execution, ahead: false, new HistoryEvent
            {
                EventId = -1,
                Timestamp = now.ToTimestamp(),
                TimerFired = new TimerFiredEvent { FireAt = timer.FireAt, TimerId = timer.Timer },
            }));
        }
        var next = session.Scalar("select min(fire_at) from durable_timers", long.MaxValue);
        return new DueTimers(postings, next == long.MaxValue ? null : new DateTimeOffset(next, TimeSpan.Zero));
    }, ct);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static string NewExecutionId() => Guid.NewGuid().ToString("N");

    private static (Execution Execution, IReadOnlyList<Message> Waiting)? Load(SqliteSession session, long number)
    {
        var execution = session.First(
            $"""
            select id, execution, name, parent, status, custom_status from durable_instances
            where number = $1 and status in {Unfinished}
            """,
            null,
            row => new Execution(number, row.GetString(0), row.GetString(1), row.GetString(2), ParentOf(row, 3))
            {
                Status = (OrchestrationStatus)row.GetInt32(4),
                CustomStatus = row.GetFieldValue<string?>(5),
            },
            number);
        if (execution is null)
            return null;
        session.Query(
            "select events from durable_history where instance = $1 order by id",
            row =>
            {
                execution.Append(row.GetUtf8(0));
                return true;
            },
            number);
        return (execution, session.Query(
            "select id, execution, ahead, event from durable_messages where instance = $1",
            row => new Message(
                row.GetInt64(0), row.GetFieldValue<string?>(1), row.GetBoolean(2), HistoryEvent.Parser.ParseFrom(row.GetUtf8(3))),
            number));
    }

    private static ParentInstanceInfo? ParentOf(SqliteRow row, int column) =>
        row.IsDBNull(column) ? null : ParentInstanceInfo.Parser.ParseFrom(row.GetUtf8(column));

    private static (long Number, bool IsFinished)? Find(SqliteSession session, string id) => session.First<(long, bool)?>(
        $"select number, status not in {Unfinished} from durable_instances where id = $1",
        null,
        row => (row.GetInt64(0), row.GetBoolean(1)),
        id);

    private static bool IsRunning(SqliteSession session, long number, string execution) => session.Scalar(
        $"select 1 from durable_instances where number = $1 and execution = $2 and status in {Unfinished}", 0L, number, execution) == 1;

    private Posting? Start(SqliteSession session, NewInstance instance, bool replaceRunning)
    {
        if (Find(session, instance.Id) is { } existing)
        {
            if (!existing.IsFinished && !replaceRunning)
                return null;
            InstanceRows.Delete(session, existing.Number);
        }
        var execution = NewExecutionId();
        var now = clock.GetUtcNow();
        var number = session.Scalar(
            """
            insert into durable_instances (id, execution, name, status, input, parent_number, parent, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning number
            """,
            0L,
            instance.Id,
            execution,
            instance.Name,
            (int)OrchestrationStatus.Pending,
            instance.Input,
            instance.ParentNumber,
            instance.Parent?.ToByteArray(),
            now.ToUnixTimeMilliseconds());
        var started = Started(instance, execution, now);
        var fresh = new Execution(number, instance.Id, execution, instance.Name, instance.Parent);
        return Post(session, number, execution, ahead: true, started) with { Fresh = fresh };
    }

    private static HistoryEvent Started(NewInstance instance, string execution, DateTimeOffset now) => new()
    {
        EventId = -1,
        Timestamp = now.ToTimestamp(),
        ExecutionStarted = new ExecutionStartedEvent
        {
            Name = instance.Name,
            Version = instance.Version ?? "",
            Input = instance.Input,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.Id, ExecutionId = execution },
            ParentInstance = instance.Parent,
        },
    };

    private Posting Post(SqliteSession session, long instance, string? execution, bool ahead, HistoryEvent happened)
    {
        var message = new Message(++lastMessage, execution, ahead, happened);
        session.Execute(
            "insert into durable_messages (id, instance, execution, ahead, event) values ($1, $2, $3, $4, $5)",
            message.Id,
            instance,
            execution,
            ahead,
            happened.ToByteArray());
        return new Posting(instance, message);
    }

    private void Do(SqliteSession session, OrchestratorAction action, Execution by, TurnEffects effects)
    {
        if (action.ScheduleTask is { } task)
            effects.Activities.Add(Schedule(session, action.Id, task, by));
        else if (action.CreateTimer is { } timer)
            effects.HasTimers |= session.Execute(
                "insert into durable_timers (instance, execution, timer, fire_at) values ($1, $2, $3, $4)",
                by.Number,
                by.Id,
                action.Id,
                timer.FireAt.ToDateTimeOffset().UtcTicks) == 1;
        else if (action.CreateSubOrchestration is { } created)
            effects.Postings.Add(StartChild(session, action.Id, created, by));
        else if (action.SendEvent is { } sent && Find(session, sent.Instance.InstanceId) is { IsFinished: false } to)
            effects.Postings.Add(Post(session, to.Number, execution: null, ahead: false, new HistoryEvent
            {
                EventId = -1,
                Timestamp = clock.GetUtcNow().ToTimestamp(),
                EventRaised = new EventRaisedEvent { Name = sent.Name, Input = sent.Data },
            }));
    }

    private static ActivityWork Schedule(SqliteSession session, int id, ScheduleTaskAction task, Execution by) => new(
        session.Scalar(
            """
            insert into durable_activities (instance, instance_id, execution, task, name, input)
            values ($1, $2, $3, $4, $5, $6) returning id
            """,
            0L,
            by.Number,
            by.InstanceId,
            by.Id,
            id,
            task.Name,
            task.Input),
        by.Number,
        by.InstanceId,
        by.Id,
        id,
        task.Name,
        task.Input,
        CutOff: 0);

    /// <summary>A child whose id is that of a running instance has failed before it began.</summary>
    private Posting StartChild(SqliteSession session, int id, CreateSubOrchestrationAction child, Execution by)
    {
        var parent = new ParentInstanceInfo
        {
            TaskScheduledId = id,
            Name = by.Name,
            Version = "",
            OrchestrationInstance = new OrchestrationInstance { InstanceId = by.InstanceId, ExecutionId = by.Id },
        };
        var instance = new NewInstance(child.InstanceId, child.Name, child.Version, child.Input, by.Number, parent);
        return Start(session, instance, replaceRunning: false) ?? Post(session, by.Number, by.Id, ahead: false, new HistoryEvent
        {
            EventId = -1,
            Timestamp = clock.GetUtcNow().ToTimestamp(),
            SubOrchestrationInstanceFailed = new SubOrchestrationInstanceFailedEvent
            {
                TaskScheduledId = id,
                FailureDetails = new TaskFailureDetails
                {
                    ErrorType = "System.InvalidOperationException",
                    ErrorMessage = $"An orchestration with the id '{child.InstanceId}' is running.",
                },
            },
        });
    }

    /// <summary>Nothing waits for a finished instance any more but its parent; activities that it scheduled run all the same.</summary>
    private void Finish(SqliteSession session, Execution execution, Turn turn, TurnEffects effects)
    {
        InstanceRows.DeleteWaiting(session, execution.Number);
        if (execution.Parent is { } parent
            && Find(session, parent.OrchestrationInstance.InstanceId) is { } found
            && IsRunning(session, found.Number, parent.OrchestrationInstance.ExecutionId))
        {
            var told = turn.ForParent(parent.TaskScheduledId, clock.GetUtcNow().ToTimestamp());
            effects.Postings.Add(Post(session, found.Number, parent.OrchestrationInstance.ExecutionId, ahead: false, told));
        }
        if (!turn.TerminatesChildren)
            return;
        var children = session.Query(
            $"select number from durable_instances where parent_number = $1 and status in {Unfinished}",
            row => row.GetInt64(0),
            execution.Number);
        foreach (var child in children)
            effects.Postings.Add(Post(session, child, execution: null, ahead: false, new HistoryEvent
            {
                EventId = -1,
                Timestamp = clock.GetUtcNow().ToTimestamp(),
                ExecutionTerminated = new ExecutionTerminatedEvent { Input = turn.Output, Recurse = true },
            }));
    }

    /// <summary>Begins the next execution: of the one before nothing is left but the events from outside that it has not read.</summary>
    private void Continue(SqliteSession session, Execution before, string next, Turn turn, TurnEffects effects)
    {
        session.Execute("delete from durable_history where instance = $1", before.Number);
        session.Execute("delete from durable_timers where instance = $1", before.Number);
        session.Execute("delete from durable_messages where instance = $1 and execution is not null", before.Number);
        session.Execute("update durable_instances set input = $2 where number = $1", before.Number, turn.Output);
        var instance = new NewInstance(before.InstanceId, before.Name, Version: "", turn.Output, Parent: before.Parent);
        effects.Postings.Add(Post(session, before.Number, next, ahead: true, Started(instance, next, clock.GetUtcNow())));
        foreach (var carried in turn.Carried)
            effects.Postings.Add(Post(session, before.Number, execution: null, ahead: true, carried));
        effects.Next = new Execution(before.Number, before.InstanceId, next, before.Name, before.Parent)
        {
            Status = OrchestrationStatus.Running,
            CustomStatus = turn.CustomStatus,
        };
    }

    private sealed record NewInstance(
        string Id, string Name, string? Version, string? Input, long? ParentNumber = null, ParentInstanceInfo? Parent = null);
}
