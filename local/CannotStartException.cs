namespace Hexabase.Local;

/// <summary>The platform cannot start, for a reason that the person at the keyboard can remove; the message is one line that says how.</summary>
public sealed class CannotStartException : Exception
{
    public CannotStartException(string message) : base(message)
    {
    }

    public CannotStartException(string message, Exception? cause) : base(message, cause)
    {
    }
}
