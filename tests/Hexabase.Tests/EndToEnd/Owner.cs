using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd;

/// <summary>An account with a strategy of its own, and the rights to run it often.</summary>
internal sealed record Owner(Visitor Visitor, JsonElement Strategy) : IDisposable
{
    // All owners have the same strategy: with seeds of its own none gets the stored result of another.
    private readonly long firstSeed = RandomNumberGenerator.GetInt32(int.MaxValue);

    public string AccountId => Visitor.AccountId;

    public string DatasetHash => Strategy.GetProperty("dataset_hash").GetString()!;

    /// <summary>Of the fork.</summary>
    public string FirstRun => Strategy.GetProperty("run_id").GetString()!;

    /// <summary>Signs up, forks a template, and waits for the first run, which takes one of the day's.</summary>
    /// <param name="rights">What an operator grants then.</param>
    public static async Task<Owner> New(PlatformProcess platform, Visitor op, object rights)
    {
        var visitor = new Visitor(platform);
        await visitor.SignIn($"owner-{Guid.NewGuid():N}@example.com");
        var templates = (await visitor.Get("/api/strategies?limit=100")).GetProperty("items").EnumerateArray();
        var fork = await visitor.Fork(templates.First(t => t.GetProperty("name").GetString() == "SMA cross").GetProperty("sid").GetString()!);
        await visitor.Finished(fork.GetProperty("run_id").GetString()!);
        await op.Grant(visitor, rights);
        return new Owner(visitor, fork);
    }

    /// <summary>Starts run number <paramref name="number"/>, the same one when repeated; the answer is its id.</summary>
    public async Task<string> Run(int number, string datasetHash)
    {
        var inputs = new
        {
            sid = Strategy.GetProperty("sid").GetString(),
            seed = firstSeed + number,
            code_hash = Strategy.GetProperty("code_hash").GetString(),
            dataset_hash = datasetHash,
        };
        return (await Visitor.PostFor("/api/run", inputs, HttpStatusCode.Accepted, $"run-{number}")).GetProperty("run_id").GetString()!;
    }

    public async Task<int> ComputeLeft() => (await Visitor.Get("/api/usage")).GetProperty("compute_left").GetInt32();

    public void Dispose() => Visitor.Dispose();
}
