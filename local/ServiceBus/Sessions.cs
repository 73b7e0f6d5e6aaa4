namespace Hexabase.Local.ServiceBus;

/// <summary>
/// Who serves which session of one queue, in memory: a session that has messages is claimed by a receiver and stays with it until it
/// is empty. A queue without sessions is one session that several receivers share. Thread-safe; holds only sessions that are claimed.
/// </summary>
/// <param name="receivers">How many receivers there are.</param>
/// <param name="receiversPerSession">1 keeps the order.</param>
public sealed class Sessions(int receivers, int receiversPerSession)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Claim> claims = new(StringComparer.Ordinal);
    private int claimed;

    /// <summary>
    /// Claims a session before its messages are stored, if a receiver is idle and would be free to take them. True: the caller must
    /// set a receiver to work on it.
    /// </summary>
    public bool TryReserve(string session)
    {
        lock (gate)
            return claimed < receivers && TryClaim(session);
    }

    /// <summary>
    /// Says that a session has new messages, after they were stored. True: the caller must set a receiver to work on it; false: the
    /// one that has it will look again.
    /// </summary>
    public bool Announce(string session)
    {
        lock (gate)
        {
            if (TryClaim(session))
                return true;
            claims[session].HasNews = true;
            return false;
        }
    }

    /// <summary>A receiver is about to look for messages: it will see everything announced so far.</summary>
    public void Look(string session)
    {
        lock (gate)
            claims[session].HasNews = false;
    }

    /// <summary>A receiver found nothing. True: it has let go of the session; false: there is news, it must look again.</summary>
    public bool TryRelease(string session)
    {
        lock (gate)
        {
            var claim = claims[session];
            if (claim.HasNews)
                return false;
            claimed--;
            if (--claim.Receivers == 0)
                claims.Remove(session);
            return true;
        }
    }

    private bool TryClaim(string session)
    {
        if (!claims.TryGetValue(session, out var claim))
            claims.Add(session, claim = new Claim());
        if (claim.Receivers == receiversPerSession)
            return false;
        claim.Receivers++;
        claimed++;
        return true;
    }

    private sealed class Claim
    {
        public int Receivers;
        public bool HasNews;
    }
}
