using System.Text.Json;

namespace Hexabase.Local.Settings;

/// <summary>JSON as people write it by hand, which the Functions host takes.</summary>
internal static class LenientJson
{
    public static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
}
