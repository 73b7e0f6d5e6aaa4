using System.Collections;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>The log scope of what runs for an orchestration.</summary>
internal sealed class InstanceScope(string instanceId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] =>
        index == 0 ? new("InstanceId", instanceId) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => instanceId;
}
