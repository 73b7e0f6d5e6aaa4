using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations;
using Hexabase.Orchestrations.Migration;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Orchestrations.Upgrades;
using Hexabase.Tests.Support;
using Hexabase.Tests.Support.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Workspaces.Upgrades;

/// <summary>An account on plan hobby with two apps, and all that upgrades it, on fakes at the ports and a clock that tests move.</summary>
internal sealed class UpgradeArea : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private UpgradeArea(UpgradeOptions options, int? seed, bool announces)
    {
        OrchestrationHost? host = null;
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_ => host!.Clock)
            .AddSingleton(provider => new LongPoll(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IDocumentStore>(provider => new TemporaryDocumentStore(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<FakePayments>()
            .AddSingleton<IPayments>(provider => provider.GetRequiredService<FakePayments>())
            .AddSingleton<FakeCluster>()
            .AddSingleton<ICluster>(provider => provider.GetRequiredService<FakeCluster>())
            .AddSingleton<IWorkspaceSagas>(_ => new UnreliableSagas(this, new WorkspaceSagas(host!.Client, NullLogger<WorkspaceSagas>.Instance)))
            .AddSingleton(TestPlans.Product)
            .AddSingleton(options)
            .AddSingleton(ReviveOptions.Default)
            .AddSingleton<Journal>().AddSingleton<NewChanges>().AddSingleton<ReviveChangesHandler>()
            .AddSingleton<UpgradeJournal>().AddSingleton<UpgradePayments>().AddSingleton<NodeOrderJournal>().AddSingleton<WantedNodes>().AddSingleton<SupportTickets>()
            .AddSingleton<StartUpgradeHandler>().AddSingleton<GetUpgradeHandler>().AddSingleton<GetChangeHandler>().AddSingleton<AnswerPaymentHandler>()
            .AddSingleton<ResolveUpgradeHandler>().AddSingleton<ListTicketsHandler>().AddSingleton<ListChangeLogHandler>()
            .BuildServiceProvider();
        Host = host = new OrchestrationHost(seed, services, DomainJson.Options);
        Host.Add<UpgradeWorkspace>().Add<ProvisionNode>().Add<RemoveNode>().Add<MigrateWorkload>()
            .Add<AdvanceNode>().Add<DeleteNode>().Add<MeasureWorkload>().Add<LookAtWorkload>().Add<CarryOutMove>()
            .Add<BeginUpgrade>().Add<ReadUpgrade>().Add<SetUpPaymentMethod>().Add<TakePayment>().Add<CheckPayment>().Add<EndUnpaid>()
            .Add<ChangePlan>().Add<AskForNode>().Add<RecordNode>().Add<RecordNodeGone>().Add<ListWorkloads>().Add<BeginMove>().Add<RecordMove>()
            .Add<EnableFeatures>().Add<OpenTicket>().Add<CloseTicket>().Add<ReportTrouble>()
            .Add<UndoFeatures>().Add<UndoNode>().Add<UndoPlan>().Add<UndoPayment>();
        if (announces)
            Host.Add<Announce>();
        Web = Cluster.Add("web", replicas: 3);
        Worker = Cluster.Add("worker", replicas: 1);
    }

    public const string Operator = "aoperator";

    public string AccountId { get; } = Ids.NewAccount();

    public OrchestrationHost Host { get; }

    public FakeWorkload Web { get; }

    public FakeWorkload Worker { get; }

    /// <summary>While true no orchestration can be started, told or asked.</summary>
    public bool SagasAreDown { get; set; }

    public FakePayments Payments => Get<FakePayments>();

    public FakeCluster Cluster => Get<FakeCluster>();

    public IDocumentStore Documents => Get<IDocumentStore>();

    /// <param name="seed">Has everything that may come in any order come in another one.</param>
    /// <param name="announces">False when the last step is to fail.</param>
    public static async Task<UpgradeArea> New(int? seed = null, bool announces = true)
    {
        var area = new UpgradeArea(UpgradeOptions.Default, seed, announces);
        var now = area.Host.Clock.GetUtcNow();
        var user = new User(area.AccountId, "Ada", "ada@example.com", EmailVerified: true, [], now);
        var workspace = new Workspace("w_" + Ids.TimeOrdered(now), Workspace.FirstName, WorkspaceStatus.Recorded, now);
        await area.Documents.Commit(
            new DocumentBatch(Containers.Accounts, area.AccountId).Create(User.DocumentId, user).Create(Workspace.DocumentId, workspace), default);
        return area;
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public StartUpgrade Ask(string card = FakePayments.GoodCard, string key = "key", string? region = null) =>
        new(AccountId, key, card, TermsAccepted: true, region, "test");

    /// <summary>Accepts an upgrade; its saga has done nothing yet.</summary>
    public async Task<WorkspaceChangeId> Accepted(string card = FakePayments.GoodCard)
    {
        var upgrade = (await Get<StartUpgradeHandler>().Handle(Ask(card), default)).Value();
        Assert.True(WorkspaceChangeId.TryParse(upgrade.UpgradeId, out var id));
        return id;
    }

    /// <summary>Accepts an upgrade and lets its saga do what it can before time passes.</summary>
    public async Task<WorkspaceChangeId> Started(string card = FakePayments.GoodCard)
    {
        var id = await Accepted(card);
        await Host.Work();
        return id;
    }

    public async Task<Upgrade> Read(WorkspaceChangeId id) => (await Upgrade.Read(Documents, id, default))!.Value;

    public async Task<Workspace> ReadWorkspace() =>
        (await Documents.Read<Workspace>(Containers.Accounts, AccountId, Workspace.DocumentId, default))!.Value;

    /// <summary>Lets time pass, a minute at a time, until the upgrade is as it is to be.</summary>
    public async Task<Upgrade> Until(WorkspaceChangeId id, Func<Upgrade, bool> condition)
    {
        for (var minutes = 0; minutes < 3 * 24 * 60; minutes++)
        {
            await Host.Work();
            if (await Read(id) is var upgrade && condition(upgrade))
                return upgrade;
            await Host.Advance(TimeSpan.FromMinutes(1));
        }
        throw new InvalidOperationException($"It never comes to that: {await Read(id)}; {Host[id.ToString()]}");
    }

    public Task<Upgrade> Until(WorkspaceChangeId id, UpgradeStatus status) => Until(id, upgrade => upgrade.Status == status);

    public async Task<Upgrade> Finished(WorkspaceChangeId id)
    {
        var upgrade = await Until(id, upgrade => upgrade.IsFinished());
        await Host.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Host[id.ToString()].IsFinished);
        return upgrade;
    }

    public async Task<Result<Upgrade>> Resolve(
        WorkspaceChangeId id, SupportAction action, string? size = null, string? region = null, string key = "resolve")
    {
        var ask = new ResolveUpgrade(Operator, key, id.ToString(), action, size, region, "as agreed", "test");
        return await Get<ResolveUpgradeHandler>().Handle(ask, default);
    }

    public async Task<IReadOnlyList<ChangeLogEntry>> Log() =>
        [.. (await Get<ListChangeLogHandler>().Handle(new ListChangeLog(AccountId, 100, null), default)).Value().Items.Reverse()];

    public async Task<IReadOnlyList<SupportTicket>> Tickets() =>
        (await Get<ListTicketsHandler>().Handle(new ListTickets(100, null), default)).Value().Items;

    public async Task<IReadOnlyList<Notice>> Notices()
    {
        var page = await Documents.Query<Notice>(new PartitionQuery(Containers.Accounts, AccountId, Notice.IdPrefix, 100), default);
        return [.. page.Items.Select(document => document.Value)];
    }

    /// <summary>Kinds of the notices; those of one instant in any order.</summary>
    public async Task<IReadOnlyList<string>> Told() => [.. (await Notices()).Select(notice => notice.Kind)];

    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    private sealed class UnreliableSagas(UpgradeArea area, WorkspaceSagas inner) : IWorkspaceSagas
    {
        public Task Start(WorkspaceChangeKind kind, string changeId, CancellationToken ct) => Up().Start(kind, changeId, ct);

        public Task<bool> Raise(string changeId, string eventName, CancellationToken ct) =>
            area.SagasAreDown ? Task.FromResult(false) : inner.Raise(changeId, eventName, ct);

        public Task<SagaState> Read(string changeId, CancellationToken ct) => Up().Read(changeId, ct);

        private WorkspaceSagas Up() => area.SagasAreDown ? throw new DependencyUnavailableException("No answer.") : inner;
    }
}
