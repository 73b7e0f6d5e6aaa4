using Hexabase.Adapters.Tokens;
using Hexabase.Backtesting;
using Hexabase.Backtesting.Proofs;
using Hexabase.Domain;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;
using static Hexabase.Tests.Proofs.ProvedRuns;

namespace Hexabase.Tests.Proofs;

/// <summary>Who gets the proof of a run, and who may have one checked.</summary>
public sealed class ProofEndpointsTests
{
    [Fact]
    public async Task A_finished_run_has_a_valid_proof_of_its_result()
    {
        await using var area = await RunsArea.New();
        var id = await Finished(area);

        var proof = await ProofOf(area, id, area.AccountId);
        Assert.True(ProofFile.TryRead(proof.Json.Span, out var file, out _));
        var result = await area.GetResult.Handle(new GetRunResult(id.ToString(), area.AccountId, null), default);
        Assert.Equal(result.Value().Json.ToArray(), file.Result.ToArray());
        var candles = await area.Blobs.Read(Dataset.BlobPath(area.DatasetHash), default);
        Assert.True((await new ProofCheck(file, TestSigner.Instance.Keys).Against(candles!.Value, default)).Valid);
    }

    [Fact]
    public async Task A_run_that_is_answered_from_a_stored_result_has_the_very_same_proof()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await Finished(area, "1"), await Finished(area, "2"));
        Assert.Equal((await ProofOf(area, first, area.AccountId)).Json.ToArray(), (await ProofOf(area, second, area.AccountId)).Json.ToArray());
    }

    [Fact]
    public async Task A_stored_result_whose_key_was_taken_out_of_the_key_set_is_signed_anew_for_the_next_run()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await Finished(area, "1"), await area.Accepted("2"));
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var signer = new ResultSigner(keys);
        await area.Deliver(second, area.NewExecutor(RunExecutionOptions.Default, signer));

        Assert.True(ProofFile.TryRead((await ProofOf(area, first, area.AccountId)).Json.Span, out var old, out _));
        Assert.True(ProofFile.TryRead((await ProofOf(area, second, area.AccountId)).Json.Span, out var anew, out _));
        Assert.Equal(old.Result.ToArray(), anew.Result.ToArray());
        Assert.Equal((false, true), (new ProofCheck(old, signer.Keys).IsSigned, new ProofCheck(anew, signer.Keys).IsSigned));
    }

    [Fact]
    public async Task A_run_without_a_result_has_no_proof_for_the_reason_it_has_no_result()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        Assert.IsType<ResultNotFound>((await Get(area, id, area.AccountId)).Refusal());
        Assert.IsType<RunNotFound>((await Get(area, RunId.New(area.AccountId, area.Clock.GetUtcNow()), area.AccountId)).Refusal());
    }

    [Fact]
    public async Task A_run_from_before_results_were_signed_has_no_proof()
    {
        await using var area = await RunsArea.New();
        var id = await Finished(area);
        await area.Documents.Commit(
            new DocumentBatch(Containers.Accounts, area.AccountId).Upsert(Run.DocumentId(id), await area.Read(id) with { Jws = null }), default);
        Assert.IsType<ProofNotFound>((await Get(area, id, area.AccountId)).Refusal());
    }

    [Fact]
    public async Task Others_get_the_proof_exactly_while_the_strategy_is_public()
    {
        await using var area = await RunsArea.New();
        var id = await Finished(area);
        foreach (var (visibility, isPublic) in new[] { (Visibility.Unpublished, false), (Visibility.Public, true), (Visibility.Private, false) })
        {
            await area.Show(visibility);
            foreach (var reader in new[] { null, Ids.NewAccount() })
                Assert.Equal(isPublic, (await Get(area, id, reader)).Succeeded(out _, out _));
        }
    }

    [Fact]
    public async Task A_version_that_is_not_shown_any_more_is_not_shown_by_a_proof_but_to_the_owner_of_the_run()
    {
        await using var area = await RunsArea.New();
        var id = await Finished(area);
        var present = (await Strategy.Read(area.Documents, RunsArea.Sid, default))!.Value;
        var next = present with { Visibility = Visibility.Public, Version = 2, CodeHash = new string('0', 64), Revision = 2 };
        await area.Documents.Commit(new DocumentBatch(Containers.Strategies, RunsArea.Sid).Upsert(Strategy.DocumentId, next), default);

        Assert.IsType<ProofNotFound>((await Get(area, id, account: null)).Refusal());
        Assert.True(ProofFile.TryRead((await ProofOf(area, id, area.AccountId)).Json.Span, out _, out _));
    }

    [Fact]
    public async Task A_proof_that_the_caller_has_is_not_put_together_again()
    {
        await using var area = await RunsArea.New();
        var id = await Finished(area);
        area.Blobs.Lose((await area.Read(id)).ResultPath!);
        var known = await Handler(area).Handle(new GetProof(id.ToString(), area.AccountId, KnownETag: id.ToString()), default);
        Assert.True(known.Value().Json.IsEmpty);
    }

    [Fact]
    public async Task A_genuine_proof_is_found_valid()
    {
        await using var area = await WithDataset();
        var proof = await ProofOf(area, await Finished(area), area.AccountId);
        Assert.True((await Verify(area, proof.Json.ToArray())).Value().Valid);
    }

    [Fact]
    public async Task A_changed_value_of_a_run_that_was_computed_here_is_named()
    {
        await using var area = await WithDataset();
        var proof = await ProofOf(area, await Finished(area), area.AccountId);
        var verdict = (await Verify(area, Changed(proof, result => result["metrics"]!["net_profit"] = 1_000_000))).Value();
        Assert.Equal(("SIGNATURE_INVALID", "RESULT_DIFFERS"), (verdict.Of("signature"), verdict.Of("rerun")));
        Assert.Equal("metrics.net_profit", Assert.Single(verdict.Differences).Path);
    }

    [Fact]
    public async Task Nobody_runs_a_strategy_for_nothing_by_having_an_invented_proof_of_it_checked()
    {
        await using var area = await WithDataset();
        var proof = await ProofOf(area, await Finished(area), area.AccountId);
        var verdict = (await Verify(area, Changed(proof, result => result["seed"] = 4_711))).Value();
        Assert.Equal(("SIGNATURE_INVALID", "NOT_COMPUTED_HERE"), (verdict.Of("signature"), verdict.Of("rerun")));
        Assert.Empty(verdict.Differences);
    }

    [Fact]
    public async Task Candles_that_the_caller_may_not_see_are_as_unknown()
    {
        await using var area = await WithDataset();
        var proof = (await ProofOf(area, await Finished(area), area.AccountId)).Json.ToArray();
        var unknown = Changed(await ProofOf(area, await Finished(area), area.AccountId), result => result["dataset_hash"] = new string('0', 64));
        Assert.Equal((await Verify(area, unknown)).Refusal(), (await Verify(area, proof, account: Ids.NewAccount())).Refusal());
    }

    [Fact]
    public async Task What_is_no_proof_is_refused_with_the_field_at_fault()
    {
        await using var area = await WithDataset();
        var proof = await ProofOf(area, await Finished(area), area.AccountId);
        var refusal = (await Verify(area, Changed(proof, result => result["seed"] = "one"))).Refusal();
        Assert.Equal((RefusalKind.Invalid, "PROOF_MALFORMED", "result.seed"), (refusal.Kind, refusal.Code, refusal.Field));
        Assert.Null((await Verify(area, "{"u8.ToArray())).Refusal().Field);
    }

    [Fact]
    public async Task An_account_has_six_proofs_a_minute_checked_and_others_are_not_kept_waiting_by_it()
    {
        await using var area = await WithDataset();
        using var verify = Verifier(area);
        var tries = new List<Refusal>();
        for (var i = 0; i <= VerifyLimit.PerMinute; i++)
            tries.Add((await verify.Handle(new VerifyProof("a", new MemoryStream()), default)).Refusal());
        Assert.IsType<TooManyProofs>(tries[^1]);
        Assert.All(tries[..^1], refusal => Assert.IsType<ProofMalformed>(refusal));
        Assert.IsType<ProofMalformed>((await verify.Handle(new VerifyProof("b", new MemoryStream()), default)).Refusal());
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using var area = await WithDataset();
        Assert.IsType<ProofTooLarge>((await Verify(area, new byte[VerifyProofHandler.MostBytes + 1])).Refusal());
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_given_up()
    {
        await using var area = await WithDataset();
        using var verify = Verifier(area, RunExecutionOptions.Default with { Timeout = TimeSpan.FromMilliseconds(200) });
        Assert.IsType<VerifyTimedOut>((await verify.Handle(new VerifyProof("a", new Endless()), default)).Refusal());
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, "stranger", true)]
    [InlineData(false, null, false)]
    [InlineData(false, "stranger", false)]
    [InlineData(false, "owner", true)]
    public async Task Built_in_candles_are_everybodys_and_uploaded_ones_for_who_uploaded_them(bool builtIn, string? reader, bool visible)
    {
        await using var area = await WithDataset(builtIn);
        var account = reader == "owner" ? area.AccountId : reader is null ? null : Ids.NewAccount();
        var answer = await new GetDatasetHandler(area.Documents, area.Blobs).Handle(new GetDataset(area.DatasetHash, account, null), default);
        Assert.Equal(visible, answer.Succeeded(out var found, out _));
        if (!visible)
            return;
        using var reading = new StreamReader(found!.Content!);
        Assert.Equal(area.DatasetHash, Sha256Hex.Of(await reading.ReadToEndAsync()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_hash_names_no_dataset(string hash)
    {
        await using var area = await RunsArea.New();
        var answer = await new GetDatasetHandler(area.Documents, area.Blobs).Handle(new GetDataset(hash, area.AccountId, null), default);
        Assert.IsType<DatasetNotFound>(answer.Refusal());
    }

    private static GetProofHandler Handler(RunsArea area) => new(area.GetResult, area.Inputs, area.Documents);

    private static Task<Result<RunProof>> Get(RunsArea area, RunId id, string? account) =>
        Handler(area).Handle(new GetProof(id.ToString(), account, KnownETag: null), default);

    private static VerifyProofHandler Verifier(RunsArea area, RunExecutionOptions? options = null) => new(
        area.Documents, area.Blobs, area.Inputs, TestSigner.Instance, new VerifyLimit(area.Clock), options ?? RunExecutionOptions.Default);

    private static async Task<Result<Verdict>> Verify(RunsArea area, byte[] proof, string? account = null)
    {
        using var verify = Verifier(area);
        return await verify.Handle(new VerifyProof(account ?? area.AccountId, new MemoryStream(proof)), default);
    }

}
