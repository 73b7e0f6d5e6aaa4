namespace Hexabase.Functions.Http;

/// <summary>Conditional GET by entity tag (RFC 9110, section 13).</summary>
public static class EntityTags
{
    /// <summary>The one tag of If-None-Match without its quotes; null when there is none or several.</summary>
    public static string? IfNoneMatch(HttpRequest request) =>
        request.GetTypedHeaders().IfNoneMatch is [var only] ? only.Tag.ToString().Trim('"') : null;

    /// <summary>304 when the caller has this version already, else the answer; both carry the tag and the cache rule.</summary>
    public static IResult Tagged(HttpRequest request, string etag, string cacheControl, Func<IResult> answer)
    {
        var response = request.HttpContext.Response;
        response.Headers.ETag = $"\"{etag}\"";
        response.Headers.CacheControl = cacheControl;
        return IfNoneMatch(request) == etag ? Results.StatusCode(StatusCodes.Status304NotModified) : answer();
    }
}
