using System.Collections;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Worker;

/// <summary>The log scope of an invocation: function and invocation id.</summary>
/// <remarks>
/// The id is for reading logs only: an HTTP caller can send the header too, then both values stand here, separated by a comma.
/// </remarks>
internal sealed class InvocationScope(string function, HttpRequest request) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string invocationId = request.Headers["X-Azure-Functions-InvocationId"].ToString();

    public int Count => 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Function", function),
        1 => new("InvocationId", invocationId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{function} {invocationId}";
}
