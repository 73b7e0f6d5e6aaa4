namespace Hexabase.Domain.Workspaces;

/// <summary>How a step is tried again when something it depends on does not answer: after doubling waits, then it is support's.</summary>
/// <param name="First">Before the second try.</param>
/// <param name="Longest">Waits grow up to this.</param>
/// <param name="For">No try begins so long after the first.</param>
public sealed record StepRetry(TimeSpan First, TimeSpan Longest, TimeSpan For)
{
    public static StepRetry Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TimeSpan.FromHours(6));
}
