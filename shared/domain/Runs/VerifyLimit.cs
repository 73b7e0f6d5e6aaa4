namespace Hexabase.Domain.Runs;

/// <summary>At most six proofs within any minute from one account: each may take as much computing as a run, and costs nothing.</summary>
public sealed class VerifyLimit(TimeProvider clock) : RateLimit(PerMinute, clock, mostKeys: 50_000)
{
    public const int PerMinute = 6;
}
