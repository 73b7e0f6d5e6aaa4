namespace Hexabase.Worker.Discovery;

/// <summary>The app's functions break the rules of the worker, so it does not start. Names every problem at once.</summary>
public sealed class InvalidFunctionsException(IReadOnlyList<string> problems)
    : Exception($"The functions of this app are not valid:{string.Concat(problems.Select(p => $"{Environment.NewLine}- {p}"))}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
