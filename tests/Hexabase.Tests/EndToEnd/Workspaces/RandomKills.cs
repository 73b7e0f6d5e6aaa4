using System.Diagnostics;
using System.Globalization;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Xunit.Abstractions;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>
/// Kills host, app or both: half of the times right after the next transition of an upgrade, so that there are kills between all steps, and
/// else after a random while, so that there are some in the middle of them.
/// </summary>
internal sealed class RandomKills(PlatformProcess platform, int seed, ITestOutputHelper output) : IAsyncDisposable
{
    private const int LongestWhile = 1_000;
    private const int LongestAfterTransition = 50;

    /// <summary>For a transition: nothing may be due for a while, such as a node that joins.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Random random = new(seed);
    private readonly SqliteDocumentStore documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
    private readonly List<WorkspaceChangeId> upgrades = [];

    /// <summary>How many kills met an upgrade in each step.</summary>
    public SortedDictionary<UpgradeStepName, int> Met { get; } = [];

    /// <summary>Watches an upgrade, by its address.</summary>
    public void Watch(string upgrade)
    {
        Assert.True(WorkspaceChangeId.TryParse(upgrade.Split('/')[^1], out var id));
        upgrades.Add(id);
    }

    /// <summary>The upgrades that have not finished.</summary>
    public async Task<IReadOnlyList<Upgrade>> UnderWay()
    {
        var found = new List<Upgrade>();
        foreach (var id in upgrades)
            found.Add((await Upgrade.Read(documents, id, default))!.Value);
        return found.FindAll(upgrade => !upgrade.IsFinished());
    }

    /// <summary>Waits for the moment, and kills.</summary>
    public async Task Next()
    {
        if (random.Next(2) == 0)
        {
            var waited = Stopwatch.StartNew();
            var before = await Transitions();
            while (waited.Elapsed < Patience && await Transitions() == before)
                await Task.Delay(1);
            await Task.Delay(random.Next(LongestAfterTransition));
        }
        else
        {
            await Task.Delay(random.Next(LongestWhile));
        }
        var killed = await Kill();
        var met = await UnderWay();
        foreach (var upgrade in met)
            Met[upgrade.CurrentStep()] = Met.GetValueOrDefault(upgrade.CurrentStep()) + 1;
        var steps = met.Select(upgrade => string.Create(CultureInfo.InvariantCulture, $"{upgrade.CurrentStep()} ({upgrade.LogLines})"));
        output.WriteLine($"{killed}: {string.Join(", ", steps)}");
    }

    public async ValueTask DisposeAsync() => await documents.DisposeAsync();

    private async Task<int> Transitions() => (await UnderWay()).Sum(upgrade => upgrade.LogLines);

    private async Task<string> Kill()
    {
        switch (random.Next(3))
        {
            case 0:
                await platform.KillApp();
                return "app";
            case 1:
                await platform.KillHost();
                platform.StartAgain();
                return "host";
            default:
                await platform.KillBoth();
                platform.StartAgain();
                return "both";
        }
    }
}
