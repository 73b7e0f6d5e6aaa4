using Hexabase.Domain.Jobs;

namespace Hexabase.Tests.Jobs;

public sealed class MemoryBudgetTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task What_is_taken_must_come_back_before_more_than_there_is_goes_out()
    {
        using var budget = new MemoryBudget(64 * MiB);
        var first = await budget.Take(48 * MiB, default);
        var second = budget.Take(32 * MiB, default);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Who_asks_for_more_than_there_is_gets_all_of_it()
    {
        using var budget = new MemoryBudget(64 * MiB);
        (await budget.Take(1_000 * MiB, default)).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_keeps_nothing()
    {
        using var budget = new MemoryBudget(64 * MiB);
        using var gone = new CancellationTokenSource();
        var first = await budget.Take(48 * MiB, default);
        var second = budget.Take(32 * MiB, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        (await budget.Take(64 * MiB, default)).Dispose();
    }
}
