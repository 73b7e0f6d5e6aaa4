using Hexabase.Adapters.Tokens;
using Hexabase.Backtesting.Proofs;
using Hexabase.Domain;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;
using static Hexabase.Tests.Proofs.ProvedRuns;

namespace Hexabase.Tests.Proofs;

/// <summary>What checking proofs may cost: nobody is kept waiting by others, and the same file is checked once.</summary>
public sealed class VerifyProofTests : IAsyncLifetime
{
    private readonly ReplaceableKeys signer = new();
    private readonly TaskCompletionSource gate = new();
    private RunsArea area = null!;
    private VerifyProofHandler verify = null!;
    private RunProof proof = null!;

    public async Task InitializeAsync()
    {
        area = await WithDataset(builtIn: true);
        proof = await ProofOf(area, await Finished(area), area.AccountId);
        verify = NewHandler(area);
    }

    public async Task DisposeAsync()
    {
        gate.TrySetResult();
        verify.Dispose();
        await area.DisposeAsync();
    }

    [Fact]
    public async Task One_proof_at_a_time_is_checked_for_an_account_and_another_is_refused_at_once()
    {
        var begun = area.Blobs.Reads;
        var first = Occupy("a", File);
        await Eventually.Holds(() => area.Blobs.Reads == begun + 1, "the first is being checked");

        var refusal = (await Verify("a", File)).Refusal();
        Assert.Equal((RefusalKind.RateLimited, "VERIFY_IN_PROGRESS"), (refusal.Kind, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

        gate.SetResult();
        Assert.True((await first).Value().Valid);
        Assert.True((await Verify("a", File)).Value().Valid);
    }

    [Fact]
    public async Task Two_are_checked_at_once_in_a_process_and_a_third_is_refused_at_once()
    {
        var two = await OccupyBothPlaces();

        var refusal = (await Verify("c", File)).Refusal();
        Assert.Equal((RefusalKind.Unavailable, "VERIFY_BUSY"), (refusal.Kind, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

        gate.SetResult();
        Assert.All(await Task.WhenAll(two), verdict => Assert.Equal("RESULT_DIFFERS", verdict.Value().Of("rerun")));
        Assert.True((await Verify("c", File)).Value().Valid);
    }

    [Fact]
    public async Task A_place_is_free_again_after_a_check_that_was_given_up()
    {
        using var impatient = NewHandler(area, TimeSpan.FromMilliseconds(200));
        area.Blobs.Gate = gate.Task;
        for (var i = 0; i < 3; i++)
            Assert.IsType<VerifyTimedOut>((await Verify("a", File, impatient)).Refusal());
    }

    [Fact]
    public async Task The_same_file_again_gets_its_verdict_without_being_checked_even_while_others_take_all_places()
    {
        var first = (await Verify("a", File)).Value();
        await OccupyBothPlaces();
        var reads = area.Blobs.Reads;
        Assert.Same(first, (await Verify("c", File)).Value());
        Assert.Equal(reads, area.Blobs.Reads);
    }

    [Fact]
    public async Task A_verdict_that_is_remembered_is_for_those_only_who_may_see_the_candles()
    {
        await using var own = await WithDataset();
        using var handler = NewHandler(own);
        var file = (await ProofOf(own, await Finished(own), own.AccountId)).Json.ToArray();
        Assert.True((await Verify(own.AccountId, file, handler)).Value().Valid);
        Assert.IsType<DatasetNotFound>((await Verify(Ids.NewAccount(), file, handler)).Refusal());
    }

    [Fact]
    public async Task A_verdict_by_other_keys_is_not_remembered()
    {
        Assert.True((await Verify("a", File)).Value().Valid);
        using var keys = SigningKeys.Parse(Pem.NewKey());
        signer.Keys = new ResultSigner(keys).Keys;
        Assert.Equal("KEY_UNKNOWN", (await Verify("a", File)).Value().Of("signature"));
    }

    [Fact]
    public async Task What_was_not_computed_here_is_checked_as_soon_as_it_was()
    {
        var other = Changed(proof, result => result["seed"] = 2);
        Assert.Equal("NOT_COMPUTED_HERE", (await Verify("a", other)).Value().Of("rerun"));
        await Finished(area, "later", seed: 2);
        Assert.NotEqual("NOT_COMPUTED_HERE", (await Verify("a", other)).Value().Of("rerun"));
    }

    [Fact]
    public async Task So_many_files_are_held_in_memory_at_once_and_no_more()
    {
        using var leaving = new CancellationTokenSource();
        var senders = Enumerable.Range(0, VerifyProofHandler.MostHeld)
            .Select(i => verify.Handle(new VerifyProof($"slow {i}", new Endless()), leaving.Token)).ToList();

        Assert.Equal("VERIFY_BUSY", (await Verify("a", File)).Refusal().Code);

        await leaving.CancelAsync();
        foreach (var sender in senders)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender);
        Assert.True((await Verify("a", File)).Value().Valid);
    }

    private byte[] File => proof.Json.ToArray();

    private VerifyProofHandler NewHandler(RunsArea of, TimeSpan? timeout = null) => new(
        of.Documents, of.Blobs, of.Inputs, signer, new VerifyLimit(of.Clock),
        RunExecutionOptions.Default with { Timeout = timeout ?? RunExecutionOptions.Default.Timeout });

    private async Task<Result<Verdict>> Verify(string account, byte[] file, VerifyProofHandler? handler = null) =>
        await (handler ?? verify).Handle(new VerifyProof(account, new MemoryStream(file)), default);

    /// <summary>Begins a check that does not end before the gate opens.</summary>
    private Task<Result<Verdict>> Occupy(string account, byte[] file)
    {
        area.Blobs.Gate = gate.Task;
        return Verify(account, file);
    }

    private async Task<Task<Result<Verdict>>[]> OccupyBothPlaces()
    {
        var begun = area.Blobs.Reads;
        Task<Result<Verdict>>[] two =
        [
            .. new[] { "x", "y" }.Select(account =>
                Occupy(account, Changed(proof, result => result["metrics"]!["net_profit"] = account[0])))
        ];
        await Eventually.Holds(() => area.Blobs.Reads == begun + 2, "two are being checked");
        return two;
    }

    /// <summary>A site that changes its key set.</summary>
    private sealed class ReplaceableKeys : IResultSigner
    {
        public VerificationKeys Keys { get; set; } = TestSigner.Instance.Keys;

        public string Sign(ReadOnlySpan<byte> result) => TestSigner.Instance.Sign(result);
    }
}
