using System.Net;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>An app that is told to stop while it has a lot to do.</summary>
[Collection(PlatformCollection.Name)]
public sealed class GracefulStopTests
{
    private const int Runs = 4;

    [Fact]
    public async Task It_answers_what_it_has_taken_ends_with_0_and_nothing_is_lost()
    {
        await using var platform = await PlatformProcess.Start();
        using var op = await Visitor.Operator(platform);
        var heavy = await HeavyCandles.Upload(op);
        using var owner = await Owner.New(platform, op, new { reason = "test", plan = "pro", runs_per_minute = 100_000 });
        using var reader = new Visitor(platform);

        var runs = new List<string>();
        for (var number = 0; number < Runs; number++)
            runs.Add(await owner.Run(number, heavy));
        await Eventually.Holds(() => owner.Visitor.Get($"/api/run/{runs[0]}"), run => Status(run) != "queued");
        var poll = owner.Visitor.GetReply($"/api/run/{runs[^1]}?wait=60");
        var isStopping = false;
        var requests = StatusesWhileReady(reader, () => isStopping);

        isStopping = true;
        await platform.StopApp();

        using var polled = await poll;
        Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
        var answered = await requests;
        Assert.All(answered, status => Assert.Equal(HttpStatusCode.OK, status));
        await Eventually.Holds(() => platform.Output.Contains("ended itself (exit code 0)", StringComparison.Ordinal), "the app ends with 0");

        await platform.Stop();
        platform.StartAgain();
        await platform.WhenUp();
        foreach (var run in runs)
            Assert.Equal("succeeded", Status(await platform.Persist(() => owner.Visitor.Finished(run))));
        Assert.InRange(await GoodRequests(op), answered.Count, long.MaxValue);
    }

    private static string? Status(JsonElement run) => run.GetProperty("status").GetString();

    /// <summary>The answers to one request after the other, by who asks before each whether the app is ready.</summary>
    private static async Task<IReadOnlyList<HttpStatusCode>> StatusesWhileReady(Visitor visitor, Func<bool> isStopping)
    {
        var seen = new List<HttpStatusCode>();
        try
        {
            while (await IsReady(visitor))
            {
                using var reply = await visitor.GetReply("/api/strategies?limit=1");
                seen.Add(reply.StatusCode);
            }
        }
        catch (HttpRequestException) when (isStopping())
        {
            // On a busy machine the port may be closed between the question and the request.
        }
        return seen;
    }

    private static async Task<bool> IsReady(Visitor visitor)
    {
        using var reply = await visitor.GetReply("/health/ready");
        return reply.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>How many requests the service has counted as answered, those before the stop included.</summary>
    private static async Task<long> GoodRequests(Visitor op)
    {
        var objectives = (await op.Get("/api/slo")).GetProperty("objectives").EnumerateArray();
        var availability = objectives.Single(objective => objective.GetProperty("objective").GetString() == "availability");
        return availability.GetProperty("windows")[0].GetProperty("good").GetInt64();
    }
}
