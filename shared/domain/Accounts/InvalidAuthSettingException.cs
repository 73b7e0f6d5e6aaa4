namespace Hexabase.Domain.Accounts;

/// <summary>
/// A setting of sign-in cannot be used; the app does not start with it. The message names the setting and never shows a secret.
/// </summary>
public sealed class InvalidAuthSettingException(string message) : Exception(message);
