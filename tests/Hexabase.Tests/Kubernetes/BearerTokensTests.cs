using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Domain;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Tokens rotate: when they are read again.</summary>
public sealed class BearerTokensTests
{
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task A_token_of_a_file_is_read_again_after_a_minute()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("token"), "first\n");
        using var tokens = BearerTokens.FromFile(folder.File("token"), clock);
        Assert.Equal("first", await tokens.Get(default));
        await File.WriteAllTextAsync(folder.File("token"), "second\n");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("first", await tokens.Get(default));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("second", await tokens.Get(default));
    }

    [Fact]
    public async Task A_file_that_is_gone_means_that_the_cluster_is_not_available()
    {
        using var folder = new TemporaryFolder();
        using var tokens = BearerTokens.FromFile(folder.File("none"), clock);
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => tokens.Get(default));
    }

    [Fact]
    public async Task Many_who_ask_at_once_read_it_once()
    {
        var reads = 0;
        var gate = new TaskCompletionSource();
        using var tokens = new BearerTokens(
            async _ =>
            {
                reads++;
                await gate.Task;
                return new BearerToken("t", DateTimeOffset.MaxValue);
            },
            clock);
        var asked = Enumerable.Range(0, 20).Select(_ => tokens.Get(default)).ToList();
        gate.SetResult();
        await Task.WhenAll(asked);
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_refused_token_is_read_again_but_not_one_that_another_has_read_meanwhile()
    {
        var reads = 0;
        using var tokens = new BearerTokens(_ => Task.FromResult(new BearerToken($"t{++reads}", DateTimeOffset.MaxValue)), clock);
        var first = await tokens.Get(default);
        tokens.Refused(first);
        Assert.Equal("t2", await tokens.Get(default));
        tokens.Refused(first);
        Assert.Equal("t2", await tokens.Get(default));
    }

    [Fact]
    public void A_token_is_not_written_into_logs() =>
        Assert.DoesNotContain("secret", new BearerToken("secret", DateTimeOffset.MaxValue).ToString(), StringComparison.Ordinal);
}
