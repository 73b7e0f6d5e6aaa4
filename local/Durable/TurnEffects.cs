namespace Hexabase.Local.Durable;

/// <summary>What follows from a turn, stored already.</summary>
internal sealed class TurnEffects
{
    public List<Posting> Postings { get; } = [];

    public List<ActivityWork> Activities { get; } = [];

    public bool HasTimers { get; set; }

    /// <summary>The execution that follows when the instance continued as new.</summary>
    public Execution? Next { get; set; }
}
