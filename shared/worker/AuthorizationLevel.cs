namespace Hexabase.Worker;

/// <summary>The function key that the host asks an HTTP caller for. Who the caller is, is ASP.NET Core's business.</summary>
public enum AuthorizationLevel
{
    /// <summary>No key.</summary>
    Anonymous,

    /// <summary>A key of the function or of the host.</summary>
    Function,

    /// <summary>The host's master key.</summary>
    Admin,
}
