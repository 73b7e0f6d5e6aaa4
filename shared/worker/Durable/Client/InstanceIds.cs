namespace Hexabase.Worker.Durable.Client;

/// <summary>Ids of instances, which stand in paths and in keys of stores.</summary>
internal static class InstanceIds
{
    public const int MostCharacters = 100;

    /// <summary>Not <c>.</c> or <c>..</c> either: an address with those leads elsewhere.</summary>
    public static bool IsValid(string id) =>
        id.Length is >= 1 and <= MostCharacters && id[0] != '@' && id is not ("." or "..")
        && !id.AsSpan().ContainsAny("/\\?#") && !id.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    /// <exception cref="ArgumentException">The id is not valid.</exception>
    public static void Check(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        if (!IsValid(instanceId))
            throw new ArgumentException(
                $"An instance id has 1 to {MostCharacters} characters, does not start with '@', has no '/', '\\', '?', '#' and control characters.",
                nameof(instanceId));
    }

    public static string New() => Guid.NewGuid().ToString("N");
}
