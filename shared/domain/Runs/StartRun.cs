namespace Hexabase.Domain.Runs;

/// <summary>Asks for one backtest of a strategy the caller may run.</summary>
/// <param name="AccountId">Who asks and pays.</param>
/// <param name="IdempotencyKey">Unique per thing wanted, 1–255 visible ASCII characters; a repeat gets the same run.</param>
/// <param name="Seed">Drives what the strategy declares stochastic; part of the run's identity.</param>
public sealed record StartRun(
    string AccountId, string IdempotencyKey, string Sid, long Seed, string CodeHash, string DatasetHash, string CorrelationId);

/// <summary>Accepts runs: one commit takes what the run costs and records it.</summary>
public sealed class StartRunHandler
{
    /// <summary>The run's id, the same one for a repeat; or why not.</summary>
    public Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct) => throw new NotSupportedException(ask.Sid);
}
