using System.Buffers;

namespace Hexabase.Domain.Documents;

/// <summary>
/// What an id may be in every store. Cosmos refuses some characters and mistakes others for parts of an address; within these, ids are ordered
/// alike everywhere: by their characters' codes.
/// </summary>
public static class DocumentId
{
    public const string Rule = "1 to 255 ASCII letters, digits and characters of '_-:.~', not beginning with a dot";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:.~");

    public static bool IsValid(string id) => id is { Length: >= 1 and <= 255 } && id[0] != '.' && !id.AsSpan().ContainsAnyExcept(Allowed);
}
