using Microsoft.AspNetCore.Http;

namespace Hexabase.Worker.Hosting;

/// <summary>Answers the host's <c>GET /</c>, by which it asks whether the app is up, before anything else sees it.</summary>
internal sealed class ReadinessPing(RequestDelegate next)
{
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    public Task Invoke(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && (!context.Request.Path.HasValue || context.Request.Path.Value is "/")
            ? Answer(context.Response)
            : next(context);

    private static async Task Answer(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = EmptyObject.Length;
        await response.BodyWriter.WriteAsync(EmptyObject);
    }
}
