using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations;
using Hexabase.Orchestrations.Downgrades;
using Hexabase.Orchestrations.Migration;
using Hexabase.Orchestrations.NodeOrders;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Tests.Support;
using Hexabase.Tests.Support.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Workspaces;

/// <summary>
/// An account on plan pro with two apps on its included node, and all that downgrades it or gives it more nodes, on fakes at the ports and
/// a clock that tests move.
/// </summary>
internal sealed class ProArea : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private ProArea(UpgradeOptions options, DowngradeOptions downgrade)
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
            .AddSingleton<IWorkspaceSagas>(_ => new WorkspaceSagas(host!.Client, NullLogger<WorkspaceSagas>.Instance))
            .AddSingleton(TestPlans.Product).AddSingleton(options).AddSingleton(downgrade).AddSingleton(ReviveOptions.Default)
            .AddSingleton<Journal>().AddSingleton<NewChanges>().AddSingleton<ReviveChangesHandler>().AddSingleton<GetChangeHandler>()
            .AddSingleton<UpgradeJournal>().AddSingleton<WantedNodes>().AddSingleton<WorkspaceRoom>()
            .AddSingleton<SupportTickets>().AddSingleton<ListTicketsHandler>()
            .AddSingleton<DowngradeJournal>().AddSingleton<StartDowngradeHandler>().AddSingleton<WithdrawDowngradeHandler>()
            .AddSingleton<NodeOrderJournal>().AddSingleton<StartNodeOrderHandler>().AddSingleton<ListNodesHandler>()
            .AddSingleton<ListNoticesHandler>().AddSingleton<GetWorkspacePlanHandler>()
            .BuildServiceProvider();
        Host = host = new OrchestrationHost(services: services, json: DomainJson.Options);
        Host.Add<ProvisionNode>().Add<RemoveNode>().Add<MigrateWorkload>()
            .Add<AdvanceNode>().Add<DeleteNode>().Add<MeasureWorkload>().Add<LookAtWorkload>().Add<CarryOutMove>()
            .Add<DowngradeWorkspace>().Add<BeginDowngrade>().Add<AdvanceDowngrade>().Add<RecordMoveBack>().Add<RecordNodesRemoved>()
            .Add<HoldDowngrade>()
            .Add<OrderNode>().Add<BeginNodeOrder>().Add<AdvanceNodeOrder>().Add<RecordOrderedNode>().Add<RecordOrderedNodeGone>()
            .Add<HoldNodeOrder>();
    }

    public string AccountId { get; } = Ids.NewAccount();

    public OrchestrationHost Host { get; }

    public FakePayments Payments => Get<FakePayments>();

    public FakeSubscription Subscription => Payments.Subscriptions.Values.Single();

    public FakeCluster Cluster => Get<FakeCluster>();

    public IDocumentStore Documents => Get<IDocumentStore>();

    public static async Task<ProArea> New(UpgradeOptions? options = null, DowngradeOptions? downgrade = null)
    {
        var area = new ProArea(options ?? UpgradeOptions.Default, downgrade ?? DowngradeOptions.Default);
        var now = area.Host.Clock.GetUtcNow();
        var pro = TestPlans.Product.Workspaces.Pro;
        var card = (PaymentMethodSetup.Ready)await area.Payments.SetUpMethod("cus_1", FakePayments.GoodCard, "setup", default);
        var paid = await area.Payments.Subscribe(
            new NewSubscription("cus_1", area.AccountId, pro.Price!, card.PaymentMethod, "up_1"), "subscribe", default);
        var node = new WorkspaceNode("node-1", "small", "tokyo", Included: true, "up_1", now);
        var workspace = new Workspace(
            "w_" + Ids.TimeOrdered(now), Workspace.FirstName, WorkspaceStatus.Ready, now,
            WorkspacePlanName.Pro, pro.Features, paid.SubscriptionId, [node]);
        await area.Write(workspace);
        await area.Cluster.ApplyNode(
            new DedicatedNode(workspace.Namespace, workspace.Id, node.Name, node.Size, node.Region, 2, 8), default);
        await area.Cluster.ApplyBackups(workspace.Namespace, 7, default);
        await area.Cluster.PrepareNode(workspace.Namespace, node.Name, default);
        area.Cluster.Add("web", replicas: 3).Move(Placement.DedicatedNodes);
        area.Cluster.Add("worker", replicas: 1).Move(Placement.DedicatedNodes);
        await area.Host.Advance(FakeCluster.NodeTime);
        area.Cluster.Effects.Clear();
        return area;
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public async Task<Workspace> ReadWorkspace() => (await Workspace.Read(Documents, AccountId, default))!.Value;

    public Task Write(Workspace workspace) =>
        Documents.Commit(new DocumentBatch(Containers.Accounts, AccountId).Upsert(Workspace.DocumentId, workspace), default);

    public async Task<T> Read<T>(WorkspaceChangeId id) where T : class, IWorkspaceChange<T> =>
        (await Get<Journal>().Read<T>(id, default))!.Value;

    public Task<Result<Downgrade>> AskDowngrade(string key = "key") =>
        Get<StartDowngradeHandler>().Handle(new StartDowngrade(AccountId, key, "test"), default);

    public Task<Result<Downgrade>> Withdraw() => Get<WithdrawDowngradeHandler>().Handle(AccountId, default);

    public Task<Result<NodeOrder>> AskNode(
        string key = "key", string? size = "medium", string? region = "osaka", bool termsAccepted = true) =>
        Get<StartNodeOrderHandler>().Handle(new StartNodeOrder(AccountId, key, size, region, termsAccepted, "test"), default);

    /// <summary>Accepts a downgrade and lets its saga do what it can before time passes.</summary>
    public async Task<WorkspaceChangeId> Downgrading()
    {
        var downgrade = (await AskDowngrade()).Value();
        await Host.Work();
        return IdOf(downgrade.DowngradeId);
    }

    /// <summary>Accepts an order and lets its saga do what it can before time passes.</summary>
    public async Task<WorkspaceChangeId> Ordered()
    {
        var order = (await AskNode()).Value();
        await Host.Work();
        return IdOf(order.OrderId);
    }

    /// <summary>Lets time pass, from timer to timer, until the change is finished, and its saga too.</summary>
    public async Task<T> Finished<T>(WorkspaceChangeId id) where T : class, IWorkspaceChange<T>
    {
        await Host.AdvanceUntil(() => Host[id.ToString()].IsFinished);
        var change = await Read<T>(id);
        Assert.True(change.IsFinished(), change.ToString());
        return change;
    }

    public async Task<IReadOnlyList<string>> LogOf(WorkspaceChangeId id)
    {
        var page = await Documents.Query<ChangeLogEntry>(
            new PartitionQuery(Containers.Accounts, AccountId, $"{ChangeLogEntry.IdPrefix}{id.Serial}:", 1_000), default);
        Assert.Equal(Enumerable.Range(0, page.Items.Count), page.Items.Select(line => line.Value.Number));
        return [.. page.Items.Select(line => line.Value.Event)];
    }

    /// <summary>Kinds of the notices, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Notices()
    {
        var page = (await Get<ListNoticesHandler>().Handle(new ListNotices(AccountId, 100, null), default)).Value();
        return [.. page.Items.Reverse().Select(notice => notice.Kind)];
    }

    public async Task<IReadOnlyList<SupportTicket>> Tickets() =>
        (await Get<ListTicketsHandler>().Handle(new ListTickets(100, null), default)).Value().Items;

    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    private static WorkspaceChangeId IdOf(string text)
    {
        Assert.True(WorkspaceChangeId.TryParse(text, out var id));
        return id;
    }
}
