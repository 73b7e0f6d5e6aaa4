using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>Steps that failed, for operators.</summary>
internal static class StepFailures
{
    private const int LongestText = 500;

    /// <summary>What the first cause says.</summary>
    public static string FirstCause(this TaskFailedException failure)
    {
        var cause = failure.FailureDetails;
        while (cause.InnerFailure is { } inner)
            cause = inner;
        return cause.ErrorMessage.Length <= LongestText ? cause.ErrorMessage : cause.ErrorMessage[..LongestText];
    }
}
