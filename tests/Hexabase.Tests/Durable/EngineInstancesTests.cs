using Hexabase.Durable;
using Hexabase.Local.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>Instances in memory: what is handed over is taken once.</summary>
public sealed class EngineInstancesTests
{
    [Fact]
    public void What_was_read_from_the_store_is_not_taken_again_however_late_it_is_handed_over()
    {
        var instances = new Instances(mostIdleBytes: 0);
        var (start, wake, later) = (Arrived(1), Arrived(2), Arrived(3));
        instances.Post(new Posting(7, wake));
        Assert.True(instances.Ready.TryRead(out var instance));
        instances.Load(instance!, NewExecution(), [start, wake]);
        Assert.Equal([1L, 2L], instances.Take(instance!).Select(m => m.Id));
        instances.Release(instance!);

        instances.Post(new Posting(7, start, Fresh: NewExecution()));
        Assert.False(instances.Ready.TryRead(out _));

        instances.Post(new Posting(7, later));
        Assert.True(instances.Ready.TryRead(out instance));
        Assert.Null(instance!.Execution);
        instances.Load(instance, NewExecution(), [later]);
        Assert.Equal([3L], instances.Take(instance).Select(m => m.Id));
    }

    private static Message Arrived(long id) => new(id, Execution: null, Ahead: false, new HistoryEvent());

    private static Execution NewExecution()
    {
        var execution = new Execution(7, "a", "x", "Scripted", Parent: null);
        execution.Append(new byte[100]);
        return execution;
    }
}
