using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Orchestrations;
using Hexabase.Tests.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Workspaces;

/// <summary>What use cases hear of a durable platform that is not there.</summary>
public sealed class WorkspaceSagasTests
{
    [Fact]
    public async Task An_orchestration_that_cannot_be_started_is_unavailable() =>
        await Assert.ThrowsAsync<DependencyUnavailableException>(async () =>
            await (await OnDeadPlatform()).Start(WorkspaceChangeKind.Upgrade, "up_1", default));

    [Fact]
    public async Task An_orchestration_that_cannot_be_asked_is_unavailable() =>
        await Assert.ThrowsAsync<DependencyUnavailableException>(async () => await (await OnDeadPlatform()).Read("up_1", default));

    [Fact]
    public async Task An_orchestration_that_cannot_be_told_finds_it_out_by_itself() =>
        Assert.False(await (await OnDeadPlatform()).Raise("up_1", SagaEvents.PaymentAnswered, default));

    private static async Task<WorkspaceSagas> OnDeadPlatform()
    {
        await using var host = await FakeDurableHost.Start();
        return new WorkspaceSagas(host.Client(new ImpatientTimeProvider()), NullLogger<WorkspaceSagas>.Instance);
    }
}
