namespace Hexabase.Domain.Jobs;

/// <summary>Why a run or a sweep failed.</summary>
/// <param name="Refunded">True when all it took was given back.</param>
public sealed record JobFailure(string Code, string Detail, bool Refunded);
