using System.Threading.Channels;

namespace Hexabase.Local.Durable;

/// <summary>
/// The instances that have something to do or had lately, in memory: messages come in from everywhere, and one player at a time has an
/// instance. Idle ones stay for their next turn, the latest, as far as there is room. Thread-safe.
/// </summary>
/// <param name="mostIdleBytes">Room for the histories of idle instances.</param>
internal sealed class Instances(long mostIdleBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, Instance> active = [];

    /// <summary>
    /// <see cref="Instance.SeenThrough"/> of instances that were forgotten while they run: a message that was read from the store may be
    /// handed over as late as that.
    /// </summary>
    private readonly Dictionary<long, long> seenOfForgotten = [];
    private readonly LinkedList<Instance> idle = new();
    private readonly Channel<Instance> ready = Channel.CreateUnbounded<Instance>();
    private long idleBytes;

    /// <summary>Instances with messages; who reads one has it until <see cref="Release"/> or <see cref="Remove"/>.</summary>
    public ChannelReader<Instance> Ready => ready.Reader;

    /// <summary>Hands over a message that is stored. It must be handed over once.</summary>
    public void Post(Posting posting) => Claim(posting.Instance, posting.Message, posting.Fresh);

    /// <summary>Says that an instance has messages in the store, of an earlier run of the platform.</summary>
    public void Announce(long number) => Claim(number, message: null, fresh: null);

    /// <summary>Gives an instance what was read from the store, which it had forgotten or never had.</summary>
    /// <param name="waiting">Some of them may have been handed over too.</param>
    public void Load(Instance instance, Execution execution, IReadOnlyList<Message> waiting)
    {
        lock (gate)
        {
            // The store gives ids in the order in which messages become visible: up to the newest seen, all were seen.
            instance.SeenThrough = waiting.Select(m => m.Id).Append(instance.SeenThrough).Max();
            instance.Waiting.RemoveAll(m => m.Id <= instance.SeenThrough);
            instance.Waiting.AddRange(waiting);
            instance.Execution = execution;
        }
    }

    /// <summary>All messages that wait for a loaded instance, in order; without those for an execution that is over.</summary>
    public IReadOnlyList<Message> Take(Instance instance)
    {
        lock (gate)
        {
            List<Message> taken =
            [
                .. instance.Waiting.Where(m => m.Execution is null || m.Execution == instance.Execution!.Id)
                    .OrderBy(m => m.Ahead ? 0 : 1)
                    .ThenBy(m => m.Id),
            ];
            instance.Waiting.Clear();
            return taken;
        }
    }

    /// <summary>Puts messages back whose turn has come to nothing.</summary>
    public void PutBack(Instance instance, IReadOnlyList<Message> messages)
    {
        lock (gate)
            instance.Waiting.AddRange(messages);
    }

    /// <summary>Lets go of an instance; with messages it is ready again, behind the others.</summary>
    public void Release(Instance instance)
    {
        lock (gate)
        {
            if (instance.Waiting.Count > 0)
            {
                ready.Writer.TryWrite(instance);
                return;
            }
            instance.IdleBytes = instance.Execution!.SizeBytes;
            idleBytes += instance.IdleBytes;
            instance.IdleAt = idle.AddLast(instance);
            while (idleBytes > mostIdleBytes)
                Forget(idle.First!.Value);
        }
    }

    /// <summary>Forgets an instance that is finished or gone, with whatever was handed over for it.</summary>
    public void Remove(Instance instance)
    {
        lock (gate)
            active.Remove(instance.Number);
    }

    private void Claim(long number, Message? message, Execution? fresh)
    {
        lock (gate)
        {
            var isNew = !active.TryGetValue(number, out var instance);
            var seen = instance?.SeenThrough ?? seenOfForgotten.GetValueOrDefault(number);
            if (message?.Id <= seen)
                return;
            if (isNew)
            {
                seenOfForgotten.Remove(number);
                active.Add(number, instance = new Instance(number) { Execution = fresh, SeenThrough = seen });
            }
            if (message is not null)
                instance!.Waiting.Add(message);
            if (instance!.IdleAt is not null)
                EndIdleness(instance);
            else if (!isNew)
                return;
            ready.Writer.TryWrite(instance);
        }
    }

    private void Forget(Instance instance)
    {
        EndIdleness(instance);
        active.Remove(instance.Number);
        if (instance.SeenThrough > 0)
            seenOfForgotten.Add(instance.Number, instance.SeenThrough);
    }

    private void EndIdleness(Instance instance)
    {
        idle.Remove(instance.IdleAt!);
        instance.IdleAt = null;
        idleBytes -= instance.IdleBytes;
    }
}

/// <summary>An instance in memory. Whose turn it is may use the execution; the rest belongs to <see cref="Instances"/>.</summary>
internal sealed class Instance(long number)
{
    public long Number { get; } = number;

    /// <summary>Null while it has not been read from the store.</summary>
    public Execution? Execution { get; set; }

    public List<Message> Waiting { get; } = [];

    /// <summary>Messages up to this one were read from the store and are not to be taken again when they are handed over.</summary>
    public long SeenThrough { get; set; }

    /// <summary>Its place among the idle; null while somebody has it.</summary>
    public LinkedListNode<Instance>? IdleAt { get; set; }

    public int IdleBytes { get; set; }

    /// <summary>How often its present turn was played and came to no end.</summary>
    public int PlaysCutOff { get; set; }
}
