using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Adapters.Tokens;
using Hexabase.Backtesting;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Proofs;
using Hexabase.Tests.Accounts;

namespace Hexabase.Tests.Proofs;

/// <summary>What is found in proofs that do not hold.</summary>
public sealed class ProofCheckTests
{
    [Fact]
    public async Task A_genuine_proof_passes_every_check()
    {
        var verdict = await ProofSample.Check(ProofSample.File);
        Assert.True(verdict.Valid);
        Assert.Equal(["form", "signature", "strategy", "dataset", "engine", "rerun"], verdict.Checks.Select(check => check.Name));
    }

    [Fact]
    public async Task A_better_profit_is_found_and_named_with_both_values()
    {
        var verdict = await ProofSample.Check(ProofSample.Changed(proof => proof["result"]!["metrics"]!["net_profit"] = 99));

        Assert.Equal(("SIGNATURE_INVALID", "RESULT_DIFFERS"), (verdict.Of("signature"), verdict.Of("rerun")));
        var difference = Assert.Single(verdict.Differences);
        Assert.Equal(("metrics.net_profit", "99"), (difference.Path, difference.Claimed?.GetRawText()));
        Assert.NotEqual("99", difference.Computed?.GetRawText());
    }

    [Fact]
    public async Task A_changed_trade_is_named_by_row_and_column()
    {
        var verdict = await ProofSample.Check(ProofSample.Changed(proof =>
        {
            var trades = proof["result"]!["trades"]!;
            var column = trades["columns"]!.AsArray().Select(name => (string?)name).ToList().IndexOf("exit_price");
            trades["rows"]![2]![column] = 7;
        }));
        Assert.Equal("trades.rows[2].exit_price", Assert.Single(verdict.Differences).Path);
    }

    [Fact]
    public async Task Another_strategy_is_not_the_one_of_the_result()
    {
        var verdict = await ProofSample.Check(ProofSample.Changed(proof => proof["strategy"]!["name"] = "better"));
        Assert.Equal(
            ("passed", "CODE_HASH_MISMATCH", "NOT_COMPARABLE"), (verdict.Of("signature"), verdict.Of("strategy"), verdict.Of("rerun")));
        Assert.True(verdict.Refuted());
    }

    [Fact]
    public async Task A_strategy_that_cannot_be_run_is_told_from_one_that_was_swapped()
    {
        var verdict = await ProofSample.Check(ProofSample.Changed(proof =>
        {
            proof["strategy"] = new JsonObject { ["schema"] = "none" };
            proof["result"]!["code_hash"] = CodeHash.Of(JsonSerializer.SerializeToElement(proof["strategy"]));
        }));
        Assert.Equal("STRATEGY_INVALID", verdict.Of("strategy"));
    }

    [Fact]
    public async Task Other_candles_are_not_those_of_the_result()
    {
        var other = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(ProofSample.Dataset).Replace("1.2,", "1.3,", StringComparison.Ordinal));
        var verdict = await ProofSample.Check(ProofSample.File, other, ProofSample.Signer.Keys);
        Assert.Equal(("DATASET_HASH_MISMATCH", "NOT_COMPARABLE"), (verdict.Of("dataset"), verdict.Of("rerun")));
    }

    [Theory] // what an upload would not have let through, under its right hash
    [InlineData("time,open,high,low,close,volume\n2026-01-05T00:00:00Z,1e400,1,1,1,1\n")]
    [InlineData("time,open,high,low,close,volume\n2026-01-05T00:00:00Z,1,1,2,1,1\n")]
    [InlineData("time,open,high,low,close,volume\n2026-01-05T01:00:00Z,1,1,1,1,1\n2026-01-05T00:00:00Z,1,1,1,1,1\n")]
    [InlineData("time,open,high,low,close,volume\r\n2026-01-05T00:00:00Z,1.10,2,1,1,1\r\n")]
    [InlineData("\u001f\u008b")]
    [InlineData("")]
    public async Task Candles_that_break_the_rules_never_reach_the_engine(string csv)
    {
        var bytes = Encoding.Latin1.GetBytes(csv);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var file = ProofSample.Changed(proof => proof["result"]!["dataset_hash"] = hash);
        Assert.Equal("DATASET_NOT_NORMALIZED", (await ProofSample.Check(file, bytes, ProofSample.Signer.Keys)).Of("dataset"));
    }

    [Fact]
    public async Task Candles_at_the_edge_of_what_numbers_can_be_get_a_verdict()
    {
        var csv = new StringBuilder(Candles.Header + "\n");
        for (var i = 0; i < 60; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2026-01-{5 + (i / 24):D2}T{i % 24:D2}:00:00Z,1e+308,1.7e+308,1e-308,{(i % 5 < 2 ? "1e-308" : "1.7e+308")},1\n");
        var dataset = Encoding.ASCII.GetBytes(csv.ToString());
        var file = ProofSample.Changed(proof => proof["result"]!["dataset_hash"] = Convert.ToHexStringLower(SHA256.HashData(dataset)));
        var verdict = await ProofSample.Check(file, dataset, ProofSample.Signer.Keys);
        Assert.Equal(("passed", CheckOutcome.Failed), (verdict.Of("dataset"), verdict.Checks[^1].Outcome));
    }

    [Fact]
    public async Task A_result_of_another_engine_that_we_signed_is_neither_valid_nor_refuted()
    {
        var result = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ProofSample.Result).Replace(
            $"\"engine_version\":\"{EngineVersion.Current}\"", "\"engine_version\":\"0.0.1\"", StringComparison.Ordinal));
        var verdict = await ProofSample.Check(ProofSample.Write(result, ProofSample.Signer.Sign(result), ProofSample.Strategy));
        Assert.Equal(("passed", "OTHER_ENGINE_VERSION"), (verdict.Of("signature"), verdict.Of("engine")));
        Assert.Equal((false, false), (verdict.Valid, verdict.Refuted()));
    }

    [Fact]
    public async Task A_reformatted_proof_is_found_although_it_says_the_same()
    {
        var indented = Encoding.UTF8.GetBytes(JsonNode.Parse(ProofSample.File)!.ToString());
        var verdict = await ProofSample.Check(indented);
        Assert.Equal(("NOT_CANONICAL", "passed", "passed"), (verdict.Of("form"), verdict.Of("signature"), verdict.Of("rerun")));
        Assert.True(verdict.Refuted());
    }

    [Fact]
    public async Task A_proof_signed_by_somebody_else_is_not_ours()
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var verdict = await ProofSample.Check(ProofSample.WithJws(new ResultSigner(keys).Sign(ProofSample.Result)));
        Assert.Equal("KEY_UNKNOWN", verdict.Of("signature"));
    }

    [Fact]
    public async Task The_signature_of_another_result_does_not_fit_this_one()
    {
        var verdict = await ProofSample.Check(ProofSample.WithJws(ProofSample.Signer.Sign("{}"u8)));
        Assert.Equal("SIGNATURE_INVALID", verdict.Of("signature"));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("[]", "", "")]
    [InlineData("""{"jws":"a..b"}""", "schema", "")]
    [InlineData("""{"schema":"hexabase.proof/v2"}""", "schema", "")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":7}""", "jws", "")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":"a..b","strategy":[]}""", "strategy", "")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":"a..b","strategy":{}}""", "result", "")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":"a..b","strategy":{},"result":{},"note":""}""", "", "no others")]
    [InlineData("""{"schema":"hexabase.proof/v1","schema":"hexabase.proof/v1"}""", "", "")]
    public void What_is_no_proof_says_which_property_is_at_fault(string file, string path, string message)
    {
        Assert.False(ProofFile.TryRead(Encoding.UTF8.GetBytes(file), out _, out var error));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code_hash", "\"ABC\"")]
    [InlineData("dataset_hash", "null")]
    [InlineData("engine_version", "\"\"")]
    [InlineData("seed", "-1")]
    [InlineData("seed", "1.5")]
    [InlineData("seed", "9007199254740992")]
    [InlineData("seed", "\"0\"")]
    public void A_result_that_cannot_be_one_says_which_property_is_at_fault(string property, string value)
    {
        var file = ProofSample.Changed(proof => proof["result"]![property] = JsonNode.Parse(value));
        Assert.False(ProofFile.TryRead(file, out _, out var error));
        Assert.Equal($"result.{property}", error.Path);
    }
}
