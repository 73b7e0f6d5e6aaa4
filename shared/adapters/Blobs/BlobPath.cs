namespace Hexabase.Adapters.Blobs;

/// <summary>A path of the port, cut into what the blob service calls container and blob name.</summary>
internal readonly record struct BlobPath(string Container, string Name)
{
    /// <exception cref="ArgumentException">No name after the container, or a segment that an address would lose: empty, <c>.</c> or <c>..</c>.</exception>
    public static BlobPath Parse(string path)
    {
        var segments = path.Split('/');
        if (segments.Length < 2 || Array.Exists(segments, segment => segment is "" or "." or ".."))
            throw new ArgumentException($"'{path}' is no path of a container and a name.", nameof(path));
        return new BlobPath(segments[0], path[(segments[0].Length + 1)..]);
    }
}
