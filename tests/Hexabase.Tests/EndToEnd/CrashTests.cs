using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Processes that die without warning: what was accepted is executed, and charged once.</summary>
public sealed class CrashTests
{
    private const int Accounts = 4;
    private const int RunsEach = 50;

    [Fact]
    public async Task Of_200_runs_under_SIGKILL_of_app_and_host_none_is_lost_and_none_is_charged_twice()
    {
        await using var platform = await PlatformProcess.Start();
        using var op = new Visitor(platform.Address);
        await op.SignIn("operator@localhost");
        var owners = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => Prepare(platform, op, i)));
        var leftBefore = await Task.WhenAll(owners.Select(o => ComputeLeft(o.Visitor)));

        using var over = new CancellationTokenSource();
        var killing = KillNowAndThen(platform, over.Token);
        var accepted = await Task.WhenAll(owners.Select(async owner =>
        {
            var runs = new List<string>();
            for (var i = 0; i < RunsEach; i++)
                runs.Add(await StartUntilAccepted(owner.Visitor, owner.Strategy, i));
            return runs;
        }));
        var finished = new List<JsonElement>();
        foreach (var (owner, runs) in owners.Zip(accepted))
            foreach (var run in runs)
                finished.Add(await owner.Visitor.Finished(run));
        await over.CancelAsync();
        await killing;

        Assert.Equal(Accounts * RunsEach, accepted.SelectMany(r => r).Distinct(StringComparer.Ordinal).Count());
        Assert.All(finished, run => Assert.Equal("succeeded", run.GetProperty("status").GetString()));
        var leftAfter = await Task.WhenAll(owners.Select(o => ComputeLeft(o.Visitor)));
        Assert.Equal(leftBefore.Select(left => left - RunsEach), leftAfter);
    }

    private static async Task<(Visitor Visitor, JsonElement Strategy)> Prepare(PlatformProcess platform, Visitor op, int index)
    {
        var visitor = new Visitor(platform.Address);
        await visitor.SignIn($"crash-{index}@example.com");
        var template = (await visitor.Get("/api/strategies?limit=100")).GetProperty("items")[0];
        var fork = await visitor.Fork(template.GetProperty("sid").GetString()!);
        await visitor.Finished(fork.GetProperty("run_id").GetString()!);
        await op.PostFor(
            $"/api/admin/accounts/{visitor.AccountId}/grants", new { reason = "test", plan = index % 2 == 0 ? "pro" : "starter", daily_runs = 100, runs_per_minute = 100_000 }, HttpStatusCode.OK, $"g{index}");
        return (visitor, fork);
    }

    /// <summary>What a client does: the same request with the same key until it is answered.</summary>
    private static async Task<string> StartUntilAccepted(Visitor visitor, JsonElement strategy, int seed)
    {
        var runId = "";
        await PlatformProcess.Until(
            async () =>
            {
                var inputs = new
                {
                    sid = strategy.GetProperty("sid").GetString(),
                    seed,
                    code_hash = strategy.GetProperty("code_hash").GetString(),
                    dataset_hash = strategy.GetProperty("dataset_hash").GetString(),
                };
                var reply = await visitor.PostFor("/api/run", inputs, HttpStatusCode.Accepted, $"crash-{seed}");
                runId = reply.GetProperty("run_id").GetString()!;
                return true;
            },
            TimeSpan.FromMinutes(2));
        return runId;
    }

    private static async Task KillNowAndThen(PlatformProcess platform, CancellationToken over)
    {
        var dice = new Random(20261120);
        for (var round = 0; round < 8 && !over.IsCancellationRequested; round++)
        {
            await Task.Delay(dice.Next(200, 1_500), CancellationToken.None);
            if (round % 4 == 3)
            {
                await platform.KillHost();
                await platform.StartAgain();
            }
            else
            {
                platform.KillApp();
            }
        }
    }

    private static async Task<int> ComputeLeft(Visitor visitor)
    {
        var left = 0;
        await PlatformProcess.Until(
            async () =>
            {
                left = (await visitor.Get("/api/usage")).GetProperty("compute_left").GetInt32();
                return true;
            },
            TimeSpan.FromMinutes(1));
        return left;
    }
}
