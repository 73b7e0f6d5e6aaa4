using Hexabase.Domain.Datasets;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Strategies;
using Hexabase.Tests.Support;
using Hexabase.Tests.Worker;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Strategies;

public sealed class SeedCatalogServiceTests : StrategyTest
{
    [Fact]
    public async Task Stores_that_are_not_up_yet_are_worth_a_warning_only_after_half_a_minute()
    {
        using var log = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        Area.Crash.BlobsAreDown = true;
        var blobs = new CrashingBlobStore(Area.Blobs, Area.Crash);
        using var inputs = new RunInputs(Area.Documents, blobs);
        var catalog = new SeedCatalog(
            Area.Documents, new StrategyWriter(Area.Documents, blobs), new DatasetWriter(Area.Documents, blobs), new BuiltInReports(Area.Documents, blobs, inputs, TestSigner.Instance));
        using var service = new SeedCatalogService(catalog, Area.Clock, loggers.CreateLogger<SeedCatalogService>());
        await service.StartAsync(default);

        await Until(() => log.All.Count >= 1);
        Assert.All(log.All, line => Assert.Equal((LogLevel.Information, (Exception?)null), (line.Level, line.Exception)));
        await Until(() =>
        {
            Area.Clock.Advance(TimeSpan.FromSeconds(5));
            return log.All.Any(line => line.Level == LogLevel.Warning);
        });

        Area.Crash.BlobsAreDown = false;
        await Until(() =>
        {
            Area.Clock.Advance(TimeSpan.FromSeconds(5));
            return service.ExecuteTask!.IsCompletedSuccessfully;
        });
    }

    private static async Task Until(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "Did not come true within a minute.");
            await Task.Delay(20);
        }
    }
}
