namespace Hexabase.Tests.Support;

/// <summary>A new folder of its own, gone with everything in it when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("hexabase-").FullName;

    /// <param name="existing">Made by another process.</param>
    public TemporaryFolder(string existing) => Path = existing;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
