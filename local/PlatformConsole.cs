namespace Hexabase.Local;

/// <summary>Where the platform and what it runs speak to a person. Both writers must be safe to use from many threads.</summary>
public sealed class PlatformConsole(TextWriter output, TextWriter error)
{
    /// <summary>The console of this process.</summary>
    public static PlatformConsole OfThisProcess => new(Console.Out, Console.Error);

    public void Say(string line) => output.WriteLine(line);

    public void Warn(string line) => error.WriteLine(line);
}
