using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Hexabase.Local.Backup;

/// <summary>One file of a backup.</summary>
/// <param name="Name">A name of <see cref="StateFiles"/>, or <c>blobs/{container}/{blob}</c>.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="ContentType">Of a blob.</param>
/// <param name="Metadata">Of a blob that has any.</param>
internal sealed record BackupEntry(
    string Name, long Bytes, string Sha256, string? ContentType = null, IReadOnlyDictionary<string, string>? Metadata = null)
{
    private const string BlobPrefix = "blobs/";

    /// <summary>Container and name of a blob; null for another file.</summary>
    [JsonIgnore]
    public (string Container, string Name)? Blob =>
        Name.StartsWith(BlobPrefix, StringComparison.Ordinal) && Name.Split('/') is [_, var container, _, ..]
            ? (container, Name[(BlobPrefix.Length + container.Length + 1)..])
            : null;

    public static string NameOfBlob(string container, string name) => $"{BlobPrefix}{container}/{name}";
}

/// <summary>What a backup holds, in the order in which it comes.</summary>
/// <param name="Format">Of the archive; see <see cref="KnownFormat"/>.</param>
/// <param name="CreatedAt">The moment whose state it is.</param>
/// <param name="Version">Of the product that made it.</param>
internal sealed partial record BackupManifest(int Format, DateTimeOffset CreatedAt, string Version, IReadOnlyList<BackupEntry> Entries)
{
    public const int KnownFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="BackupException">It is of another format.</exception>
    /// <exception cref="InvalidDataException">It is none of a backup that can be restored.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var format = JsonElement.Parse(json).GetProperty("format").GetInt32();
            if (format != KnownFormat)
                throw new BackupException($"It is a backup of format {format}; this version of the program knows format {KnownFormat}.");
            var manifest = JsonSerializer.Deserialize<BackupManifest>(json, Json)!; // not null: it has a format
            manifest.Check();
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"The manifest cannot be read: {e.Message}", e);
        }
    }

    private void Check()
    {
        if (Entries.Contains(null!))
            throw new InvalidDataException("There is an empty entry.");
        foreach (var entry in Entries)
        {
            if (!StateFiles.AreCopied(entry.Name) && !IsBlob(entry))
                throw new InvalidDataException($"'{entry.Name}' is no file of a backup.");
            if (entry.Bytes < 0 || !Digest().IsMatch(entry.Sha256))
                throw new InvalidDataException($"'{entry.Name}' has no length or no digest.");
        }
        if (Entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            throw new InvalidDataException($"'{twice.Key}' is there twice.");
        foreach (var (name, _) in StateFiles.Databases)
        {
            if (!Entries.Any(entry => entry.Name == name))
                throw new InvalidDataException($"{name} is missing.");
        }
    }

    /// <summary>A name that is still the same when it has been part of an address.</summary>
    private static bool IsBlob(BackupEntry entry) =>
        entry is { Blob: not null, ContentType: not null } && !entry.Name.Split('/').Any(segment => segment is "" or "." or "..");

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Digest();
}
