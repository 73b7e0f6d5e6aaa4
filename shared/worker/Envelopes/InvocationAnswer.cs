using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hexabase.Worker.Envelopes;

/// <summary>Answers to envelopes. None is empty: an empty success would hang the host until its timeout.</summary>
internal static class InvocationAnswer
{
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>The invocation is done; a message is completed.</summary>
    public static Task Success(HttpResponse response) => Write(response);

    /// <summary>
    /// The invocation failed and the host retries by the trigger's rules; a message is abandoned. The reason phrase is the only text that
    /// the host passes on.
    /// </summary>
    public static Task Failure(HttpResponse response, Exception failure)
    {
        response.StatusCode = StatusCodes.Status500InternalServerError;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
            feature.ReasonPhrase = ReasonPhrase.Of(failure);
        return Write(response);
    }

    private static async Task Write(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = EmptyObject.Length;
        await response.BodyWriter.WriteAsync(EmptyObject, CancellationToken.None);
    }
}
