using System.Security.Cryptography;
using Hexabase.Backtesting.Prices;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Strategies.Templates;

namespace Hexabase.Tests.Backtesting;

public sealed class TemplateTests
{
    private static readonly Lazy<IReadOnlyList<SyntheticDataset>> Synthetic = new(() => [.. SyntheticCandles.All()]);

    public static TheoryData<string> Slugs() => [.. StrategyTemplates.Read().Select(template => template.Slug)];

    [Fact]
    public void There_are_twelve_templates_with_names_and_descriptions_of_their_own()
    {
        var strategies = StrategyTemplates.Read().Select(template => Documents.Parse(template.Code)).ToList();
        Assert.Equal(12, strategies.Count);
        Assert.Equal(12, strategies.DistinctBy(strategy => strategy.Name, StringComparer.Ordinal).Count());
        Assert.Equal(12, strategies.DistinctBy(strategy => strategy.Description, StringComparer.Ordinal).Count());
        Assert.All(strategies, strategy => Assert.NotEmpty(strategy.Description));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_template_runs_and_trades_on_the_synthetic_candles_of_its_pair_and_timeframe(string slug)
    {
        var strategy = Documents.Parse(StrategyTemplates.Read().Single(template => template.Slug == slug).Code);
        var dataset = Synthetic.Value.Single(dataset => dataset.Pair == strategy.Pair && dataset.Timeframe == strategy.Timeframe);

        Assert.Null(strategy.DatasetHash);
        var result = Documents.Run(strategy, Candles.Parse(dataset.Csv));
        Assert.True(result.Metrics.Trades >= 5, $"{result.Metrics.Trades} trades");
        Assert.Null(result.BustBar);
        Assert.Empty(result.Rejected);
    }

    [Fact]
    public void Synthetic_candles_are_clearly_named_and_cover_six_pairs_in_three_timeframes()
    {
        Assert.Equal(18, Synthetic.Value.DistinctBy(dataset => (dataset.Pair, dataset.Timeframe)).Count());
        Assert.All(Synthetic.Value, dataset => Assert.Equal($"SYNTHETIC {dataset.Pair} {dataset.Timeframe}", dataset.Name));
    }

    [Fact]
    public async Task Synthetic_candles_are_valid_and_normalized_already()
    {
        foreach (var dataset in Synthetic.Value)
        {
            var normalized = new MemoryStream();
            var result = await CandleImport.Run(new MemoryStream(dataset.Csv), normalized, long.MaxValue, dataset.Pair, CancellationToken.None);
            var summary = Assert.IsType<CandleImportResult.Imported>(result).Summary;
            Assert.Equal(dataset.Timeframe, summary.Timeframe);
            Assert.True(normalized.ToArray().AsSpan().SequenceEqual(dataset.Csv), dataset.Name);
        }
    }

    [Fact]
    public void Synthetic_candles_are_the_same_bytes_for_ever() => Assert.Equal(
        "62c73c4835484fe4902cd24996712e439f0a17a3ff86119f85c97f92d9e714b6",
        Convert.ToHexStringLower(SHA256.HashData(Synthetic.Value.SelectMany(dataset => dataset.Csv).ToArray())));
}
