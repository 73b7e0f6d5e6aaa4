namespace Hexabase.Domain.Workspaces;

/// <summary>Something was said to have happened to a workspace change that cannot happen to one that stands so: a bug.</summary>
public sealed class IllegalTransitionException(string changeId, string status, string happened)
    : Exception($"{changeId} is {status}: {happened} cannot happen to it.");
