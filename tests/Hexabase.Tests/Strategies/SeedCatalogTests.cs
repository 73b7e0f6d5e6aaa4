using System.Security.Cryptography;
using Hexabase.Domain;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Domain.Strategies.Templates;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class SeedCatalogTests : StrategyTest
{
    [Fact]
    public async Task It_brings_synthetic_candles_of_six_pairs_in_three_timeframes_with_their_content()
    {
        Assert.True(await Area.Seed.Write(default));
        var datasets = (await new ListDatasetsHandler(Area.Documents).Handle(new ListDatasets(null, 100, null), default)).Value().Items;
        Assert.Equal(18, datasets.Count);
        Assert.Equal(6, datasets.Select(dataset => dataset.Pair).Distinct().Count());
        Assert.Equal(["D1", "H1", "M15"], datasets.Select(dataset => dataset.Timeframe!).Distinct().Order());
        foreach (var dataset in datasets)
        {
            Assert.True(dataset.Synthetic);
            Assert.Contains("SYNTHETIC", dataset.Name, StringComparison.Ordinal);
            Assert.Equal(dataset, (await Dataset.Read(Area.Documents, dataset.DatasetHash, default))!.Value);
            var content = await Area.Blobs.Read(Dataset.BlobPath(dataset.DatasetHash), default);
            Assert.Equal(dataset.DatasetHash, Convert.ToHexStringLower(SHA256.HashData(content!.Value.Span)));
        }
    }

    [Fact]
    public async Task It_brings_twelve_public_templates_that_name_the_dataset_of_their_pair_and_timeframe()
    {
        await Area.Seed.Write(default);
        var listed = await Area.PublicList();
        Assert.Equal(StrategyTemplates.Read().Select(SeedCatalog.SidOf).Order(), listed.Select(template => template.Sid).Order());
        Assert.Equal(12, listed.Count);
        foreach (var template in listed)
        {
            Assert.True(template.BuiltIn);
            var stored = (await Area.Stored(template.Sid))!;
            var dataset = (await Dataset.ReadBuiltIn(Area.Documents, template.Pair!, template.Timeframe!, default))!.Value;
            Assert.Equal(dataset.DatasetHash, stored.DatasetHash);
            Assert.Equal(dataset.DatasetHash, stored.Code.GetProperty("dataset_hash").GetString());
            Assert.True(await Area.Blobs.Exists(Strategy.BlobPath(template.Sid), default));
        }
    }

    [Fact]
    public async Task Done_once_it_writes_nothing_again()
    {
        await Area.Seed.Write(default);
        Area.Crash.After(writes: 0);
        Assert.False(await Area.Seed.Write(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(54)]
    [InlineData(60)]
    public async Task After_a_crash_it_completes_what_is_missing(int writes)
    {
        Area.Crash.After(writes);
        await Assert.ThrowsAsync<CrashException>(() => Area.Seed.Write(default));
        Area.Crash.Never();
        Assert.True(await Area.Seed.Write(default));
        Assert.Equal(12, (await Area.PublicList()).Count);
        foreach (var template in await Area.PublicList())
            Assert.Equal(1, (await Area.Stored(template.Sid))!.Version);
    }

    [Fact]
    public async Task Each_template_has_a_report_that_any_visitor_can_open()
    {
        await Area.Seed.Write(default);
        var runs = new GetRunHandler(Area.Documents, new LongPoll(Area.Clock));
        var reports = new GetReportHandler(Area.Documents, Area.Blobs);
        foreach (var template in await Area.PublicList())
        {
            var report = (await reports.Handle(new GetReport(template.Sid, AccountId: null), default)).Value();
            Assert.Equal(template.CodeHash, report.Result!.Value.GetProperty("code_hash").GetString());
            (await runs.Handle(new GetRun(report.Run.RunId, AccountId: null, TimeSpan.Zero, KnownETag: null), default)).Value();
        }
    }

    [Fact]
    public async Task A_template_can_be_forked()
    {
        await Area.Seed.Write(default);
        var fork = await Area.Forked(await Area.Account(), "s_template_sma_cross");
        Assert.Equal(new Lineage("s_template_sma_cross", "s_template_sma_cross", 1), fork.Lineage);
    }

    [Fact]
    public async Task What_accounts_publish_stands_above_the_templates()
    {
        await Area.Seed.Write(default);
        var published = await Area.Published(await Area.Account());
        Assert.Equal(published.Sid, (await Area.PublicList())[0].Sid);
    }
}
