using System.Collections;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Worker;

/// <summary>The log scope of an invocation: function, invocation id and, of an HTTP request, its correlation id.</summary>
/// <remarks>
/// The invocation id is for reading logs only: an HTTP caller can send the header too, then both values stand here, separated by a comma.
/// An envelope has no correlation id of its own, its messages have.
/// </remarks>
public sealed class InvocationScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string function;
    private readonly string invocationId;
    private readonly string? correlationId;

    private InvocationScope(string function, HttpContext context, string? correlationId)
    {
        this.function = function;
        this.correlationId = correlationId;
        invocationId = context.Request.Headers["X-Azure-Functions-InvocationId"].ToString();
    }

    /// <summary>Of an HTTP request; its function is empty when none answers it.</summary>
    public static InvocationScope OfHttp(HttpContext context) =>
        new(context.GetEndpoint()?.DisplayName ?? "", context, context.TraceIdentifier);

    internal static InvocationScope OfEnvelope(string function, HttpContext context) => new(function, context, correlationId: null);

    public int Count => correlationId is null ? 2 : 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Function", function),
        1 => new("InvocationId", invocationId),
        2 when correlationId is not null => new("correlation_id", correlationId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{function} {invocationId} {correlationId}";
}
