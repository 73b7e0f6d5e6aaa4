namespace Hexabase.Local.Durable;

/// <summary>Timers that fired.</summary>
/// <param name="Next">When the next one is due; null for never.</param>
internal sealed record DueTimers(IReadOnlyList<Posting> Postings, DateTimeOffset? Next);
