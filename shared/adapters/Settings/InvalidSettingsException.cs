namespace Hexabase.Adapters.Settings;

/// <summary>
/// The app cannot start with its settings. Each problem is one line that begins with the name of a setting as an environment variable,
/// and holds the value of none: any of them may be a secret, also one that was put in the wrong place.
/// </summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> problems) : Exception(string.Join(' ', problems))
{
    /// <summary>What the process ends with: <c>EX_CONFIG</c> of sysexits.h. The host takes 0 for deliberate and stays without the app.</summary>
    public const int ExitCode = 78;

    public InvalidSettingsException(string problem)
        : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}
