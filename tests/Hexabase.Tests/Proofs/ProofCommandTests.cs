using System.Text.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Proofs;

/// <summary>The command line, as a process.</summary>
public sealed class ProofCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string proof;
    private readonly string candles;
    private readonly string jwks;

    public ProofCommandTests()
    {
        (proof, candles, jwks) = (folder.File("proof.json"), folder.File("candles.csv"), folder.File("jwks.json"));
        File.WriteAllBytes(proof, ProofSample.File);
        File.WriteAllBytes(candles, ProofSample.Dataset);
        File.WriteAllText(jwks, JsonSerializer.Serialize(new JsonWebKeySet(TestSigner.PublicKeys), DomainJson.Options));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_valid_proof_is_told_check_by_check_and_ends_with_0()
    {
        var ended = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(6, ended.Output.Split('\n').Count(line => line.StartsWith("  ok ", StringComparison.Ordinal)));
        Assert.Contains("\nVALID", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_result_ends_with_1_and_says_what_was_changed()
    {
        await File.WriteAllBytesAsync(proof, ProofSample.Changed(file => file["result"]!["metrics"]!["net_profit"] = 99));
        var ended = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("metrics.net_profit: 99 in the proof", ended.Output, StringComparison.Ordinal);
        Assert.Contains("NOT VALID", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_machines_the_verdict_is_the_JSON_of_the_endpoint()
    {
        var ended = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks, "--json");
        var verdict = JsonElement.Parse(ended.Output);
        Assert.Equal(["checks", "differences", "valid"], verdict.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.True(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal("passed", verdict.GetProperty("checks")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task The_candles_may_be_as_they_were_uploaded()
    {
        var text = System.Text.Encoding.ASCII.GetString(ProofSample.Dataset)
            .Replace(Candles.Header + "\n", "", StringComparison.Ordinal).Replace(",1.1,", ",1.1000,", StringComparison.Ordinal)
            .Replace(",", "\t", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(candles, $"time\topen\thigh\tlow\tclose\tvolume\r\n{text}");
        Assert.Equal(0, (await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks)).ExitCode);
    }

    [Theory] // by which, or by none, an upload reads the points of the spreads; the strategy's own is EURUSD
    [InlineData(null)]
    [InlineData("EURUSD")]
    [InlineData("USDJPY")]
    public async Task An_export_of_MetaTrader_5_may_have_been_uploaded_for_any_pair_or_none(string? pair)
    {
        var rows = System.Text.Encoding.ASCII.GetString(ProofSample.Dataset).TrimEnd().Split('\n')[1..].Select(row => row.Split(','));
        await File.WriteAllLinesAsync(candles, [
            "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<SPREAD>",
            .. rows.Select(row => $"{row[0][..10].Replace('-', '.')}\t{row[0][11..19]}\t{string.Join('\t', row[1..])}\t12"),
        ]);
        using var normalized = new MemoryStream();
        await using (var upload = File.OpenRead(candles))
            Assert.IsType<CandleImportResult.Imported>(await CandleImport.Run(upload, normalized, long.MaxValue, pair, default));
        await File.WriteAllBytesAsync(proof, ProofSample.FileOn(normalized.ToArray()));

        var ended = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }

    [Fact]
    public async Task What_is_no_proof_and_what_are_no_candles_end_with_1()
    {
        Assert.Equal(1, (await VerifyCommand.Run(jwks, "--dataset", candles, "--jwks", jwks)).ExitCode);
        Assert.Equal(1, (await VerifyCommand.Run(proof, "--dataset", jwks, "--jwks", jwks)).ExitCode);
    }

    [Fact]
    public async Task What_keeps_it_from_checking_ends_with_2_and_one_line()
    {
        foreach (var arguments in new string[][]
        {
            [],
            ["", "--dataset", candles, "--jwks", jwks],
            [proof, "--dataset", candles],
            [proof, "--dataset", "", "--jwks", jwks],
            [proof, "--dataset", candles, "--jwks", ""],
            [proof, "--dataset", folder.File("none"), "--jwks", jwks],
            [proof, "--dataset", candles, "--jwks", candles],
            [proof, "--dataset", candles, "--jwks", "http://example.com/.well-known/jwks.json"],
        })
        {
            var ended = await VerifyCommand.Run(arguments);
            Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
            Assert.Single(ended.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task A_proof_cannot_give_orders_to_the_terminal()
    {
        await File.WriteAllBytesAsync(proof, ProofSample.Changed(file => file["result"]!["engine_version"] = "\u001b[2Jfine\u202e\n"));
        var ended = await VerifyCommand.Run(proof, "--dataset", candles, "--jwks", jwks);
        Assert.Contains("fine", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ended.Output, c => c is '\u001b' or '\u202e');
    }
}
