using System.Net;
using System.Text;
using System.Text.Json;
using Hexabase.Tests.Proofs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>From a run to its proof, and what becomes of the proof in the hands of others.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ProofTests(PlatformFixture fixture) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_is_proved_by_the_endpoint_and_by_the_command_line_until_somebody_touches_the_proof()
    {
        using var owner = await fixture.SignedIn("owner");
        var fork = await owner.Fork("s_template_sma_cross");
        var runId = Text(fork, "run_id");
        await owner.Finished(runId);
        var proof = await Download(owner, $"/api/run/{runId}/proof", "proof.json");
        var jwks = await Download(fixture.NewVisitor(), "/.well-known/jwks.json", "jwks.json");
        var candles = await Download(fixture.NewVisitor(), $"/api/datasets/{Text(fork, "dataset_hash")}", "candles.csv");
        var site = new Uri(fixture.Platform.Address, "/.well-known/jwks.json").ToString();

        Assert.True((await Verify(owner, proof)).GetProperty("valid").GetBoolean());
        Assert.Equal(0, (await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks)).ExitCode);
        Assert.Equal(0, (await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", site)).ExitCode);

        var text = await File.ReadAllTextAsync(proof);
        var profit = JsonElement.Parse(text).GetProperty("result").GetProperty("metrics").GetProperty("net_profit").GetRawText();
        await File.WriteAllTextAsync(proof, text.Replace($"\"net_profit\":{profit}", "\"net_profit\":1000", StringComparison.Ordinal));

        var verdict = await Verify(owner, proof);
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        var difference = Assert.Single(verdict.GetProperty("differences").EnumerateArray());
        Assert.Equal(
            ("metrics.net_profit", "1000", profit),
            (Text(difference, "path"), difference.GetProperty("claimed").GetRawText(), difference.GetProperty("computed").GetRawText()));
        var command = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks);
        Assert.Equal(1, command.ExitCode);
        Assert.Contains($"metrics.net_profit: 1000 in the proof, {profit}", command.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anybody_gets_the_proof_of_a_public_report_as_a_file_and_not_that_of_a_strategy_of_somebody_elses_own()
    {
        using var anyone = fixture.NewVisitor();
        var runId = Text(await anyone.Get("/api/report/s_template_ema_cross"), "run_id");
        using var reply = await anyone.GetReply($"/api/run/{runId}/proof");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal($"proof-{runId}.json", reply.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("public, max-age=60", reply.Headers.CacheControl?.ToString());
        Assert.Equal($"\"{runId}\"", reply.Headers.ETag?.Tag);

        using var owner = await fixture.SignedIn("owner");
        var fork = await owner.Fork("s_template_ema_cross");
        await owner.Finished(Text(fork, "run_id"));
        using var refused = await anyone.GetReply($"/api/run/{Text(fork, "run_id")}/proof");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Built_in_candles_may_be_kept_for_good()
    {
        using var anyone = fixture.NewVisitor();
        var hash = Text((await anyone.Get("/api/datasets?limit=1")).GetProperty("items")[0], "dataset_hash");
        using var reply = await anyone.GetReply($"/api/datasets/{hash}");
        Assert.Equal("public, max-age=31536000, immutable", reply.Headers.CacheControl?.ToString());
        Assert.Equal(("text/csv", $"\"{hash}\""), (reply.Content.Headers.ContentType?.MediaType, reply.Headers.ETag?.Tag));
        var csv = await reply.Content.ReadAsByteArrayAsync();
        Assert.Equal(hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(csv)));
    }

    [Fact]
    public async Task Checking_needs_an_account_and_a_body_of_bounded_size()
    {
        using var anyone = fixture.NewVisitor();
        using var unknown = await anyone.Post("/api/verify", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);

        using var owner = await fixture.SignedIn("owner");
        using var large = await owner.Post("/api/verify", new ByteArrayContent(new byte[(8 << 20) + 1]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var malformed = await owner.Post("/api/verify", new StringContent("""{"schema":"hexabase.proof/v1","jws":1}"""));
        var problem = JsonElement.Parse(await malformed.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "PROOF_MALFORMED", "jws"), (malformed.StatusCode, Text(problem, "code"), Text(problem, "field")));
    }

    private static async Task<JsonElement> Verify(Visitor visitor, string proof) => await visitor.PostFor(
        "/api/verify", new StringContent(await File.ReadAllTextAsync(proof), Encoding.UTF8, "application/json"), HttpStatusCode.OK);

    private async Task<string> Download(Visitor visitor, string path, string name)
    {
        using var reply = await visitor.GetReply(path);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        await File.WriteAllBytesAsync(folder.File(name), await reply.Content.ReadAsByteArrayAsync());
        return folder.File(name);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
