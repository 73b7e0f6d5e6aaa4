using System.Collections.Concurrent;
using Hexabase.Domain;
using Hexabase.Domain.Runs;

namespace Hexabase.Tests.Strategies;

/// <summary>Accepts runs as the product does, the same key the same run, and keeps what was asked; or refuses as it is told.</summary>
internal sealed class RecordedRuns : IStartRun
{
    private readonly ConcurrentDictionary<string, RunId> byKey = new(StringComparer.Ordinal);

    public ConcurrentQueue<StartRun> Asked { get; } = [];

    public Refusal? Refusal { get; set; }

    public Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct)
    {
        Asked.Enqueue(ask);
        return Task.FromResult<Result<RunId>>(Refusal is { } refusal
            ? refusal
            : byKey.GetOrAdd(ask.IdempotencyKey!, _ => RunId.New(ask.AccountId, DateTimeOffset.UnixEpoch)));
    }
}
