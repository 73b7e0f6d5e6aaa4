using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Tests.Support;
using Hexabase.Tests.Workspaces.Upgrades;

namespace Hexabase.Tests.Workspaces.Changes;

/// <summary>Answers that are held until there is something new.</summary>
public sealed class ReadingChangesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_upgrade_that_waits_for_its_owner_is_answered_at_once()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.EmptyCard);
        Assert.Equal(UpgradeStatus.WaitingForPayment, (await AskUpgrade(area, id, known: null)).Value().Value.Status);
    }

    [Fact]
    public async Task With_the_version_that_is_known_an_upgrade_is_answered_when_it_changes()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        var known = (await AskUpgrade(area, id, known: null)).Value().ETag;
        var answer = AskUpgrade(area, id, known);
        Assert.False(answer.IsCompleted);

        await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), area.AccountId), default);
        await Passes(area.Host.Clock, answer);
        Assert.NotEqual(known, (await answer).Value().ETag);
    }

    [Fact]
    public async Task A_change_is_answered_after_the_wait_when_nothing_has_happened()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var answer = AskDowngrade(area, id, known: null);
        Assert.False(answer.IsCompleted);
        await Passes(area.Host.Clock, answer);
        Assert.Equal(DowngradeStatus.Waiting, (await answer).Value().Value.Status);
    }

    [Fact]
    public async Task With_the_version_that_is_known_a_change_is_answered_when_it_changes()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var known = (await AskDowngrade(area, id, known: null, TimeSpan.Zero)).Value().ETag;
        var answer = AskDowngrade(area, id, known);
        Assert.False(answer.IsCompleted);
        await area.Withdraw();
        await Passes(area.Host.Clock, answer);
        Assert.NotEqual(DowngradeStatus.Waiting, (await answer).Value().Value.Status);
    }

    private static Task<Result<Document<Upgrade>>> AskUpgrade(UpgradeArea area, WorkspaceChangeId id, string? known) =>
        area.Get<GetUpgradeHandler>().Handle(new GetUpgrade(id.ToString(), area.AccountId, Patience, known), default);

    private static Task<Result<Document<Downgrade>>> AskDowngrade(
        ProArea area, WorkspaceChangeId id, string? known, TimeSpan? wait = null) =>
        area.Get<GetChangeHandler>().Handle<Downgrade>(
            new GetChange(WorkspaceChangeKind.Downgrade, id.ToString(), area.AccountId, wait ?? Patience, known), default);

    /// <summary>Lets the clock go until there is an answer; what is between two looks happens elsewhere, when it happens.</summary>
    private static Task Passes(ManualTimeProvider clock, Task answer) => Eventually.Holds(
        () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return answer.IsCompleted;
        },
        "there is an answer");
}
