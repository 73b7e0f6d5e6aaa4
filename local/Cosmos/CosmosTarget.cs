using Microsoft.AspNetCore.Http.Features;

namespace Hexabase.Local.Cosmos;

/// <summary>What a request is about: <c>/dbs/d/colls/c</c> is a resource of type colls, <c>/dbs/d/colls/c/docs</c> are the docs of that resource.</summary>
/// <param name="Path">As it was sent, without a slash at either end.</param>
internal readonly record struct CosmosTarget(string Path)
{
    private const int SegmentsOfContainer = 4;

    private string[] Segments => Path.Length == 0 ? [] : Path.Split('/');

    private bool IsFeed => Segments.Length % 2 == 1;

    /// <summary>Empty for the account itself.</summary>
    public string Type => Segments is { Length: > 0 } segments ? segments[IsFeed ? ^1 : ^2] : "";

    /// <summary>Path of the resource, or of the one that it is a feed of, with no character escaped.</summary>
    public string Link => Uri.UnescapeDataString(string.Join('/', IsFeed ? Segments[..^1] : Segments));

    /// <summary>Path of what has to exist for this to exist.</summary>
    public string Owner => '/' + string.Join('/', Segments.SkipLast(IsFeed ? 1 : 2));

    /// <summary>Path of the container that this is in.</summary>
    public string Container => '/' + string.Join('/', Segments.Take(SegmentsOfContainer));

    public static CosmosTarget Of(HttpContext context) =>
        new(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].Trim('/'));
}
