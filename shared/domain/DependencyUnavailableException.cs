namespace Hexabase.Domain;

/// <summary>
/// A store or a provider that this depends on does not answer at the moment; the same call may work later. Adapters throw it in place of
/// their library's own exceptions, so that no caller has to know those.
/// </summary>
public sealed class DependencyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
