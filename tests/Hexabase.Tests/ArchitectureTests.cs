using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Hexabase.Tests.Support;

namespace Hexabase.Tests;

/// <summary>Dependencies point one way. What is looked at is what the compiled assemblies use.</summary>
public sealed class ArchitectureTests
{
    private const string Product = "Hexabase.";

    [Fact]
    public void Backtesting_knows_nothing_of_the_product() => Assert.Empty(ProductUsesOf("Hexabase.Backtesting"));

    [Fact]
    public void The_domain_knows_backtesting_only() => Assert.Equal(["Hexabase.Backtesting"], ProductUsesOf("Hexabase.Domain"));

    [Theory]
    [InlineData("Azure")]
    [InlineData("Microsoft.Azure")]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.Data")]
    [InlineData("SQLitePCL")]
    [InlineData("SQLitePCLRaw")]
    public void The_domain_knows_no_store_no_cloud_and_no_web(string library) => Assert.Empty(UsesOf("Hexabase.Domain", library));

    [Fact]
    public void Adapters_know_the_domain_and_the_SQLite_library_only() =>
        Assert.Subset(Of("Hexabase.Backtesting", "Hexabase.Domain", "Hexabase.Sqlite"), Of(ProductUsesOf("Hexabase.Adapters")));

    [Fact]
    public void The_SQLite_library_knows_nothing_of_the_product() => Assert.Empty(ProductUsesOf("Hexabase.Sqlite"));

    [Fact]
    public void The_durable_messages_know_nothing_of_the_product() => Assert.Empty(ProductUsesOf("Hexabase.Durable"));

    [Fact]
    public void The_worker_knows_nothing_of_the_product_but_the_durable_messages() => Assert.Subset(Of("Hexabase.Durable"), Of(ProductUsesOf("Hexabase.Worker")));

    [Fact]
    public void Orchestrations_know_the_domain_and_the_worker_only() =>
        Assert.Subset(Of("Hexabase.Backtesting", "Hexabase.Domain", "Hexabase.Worker"), Of(ProductUsesOf("Hexabase.Orchestrations")));

    [Fact]
    public void The_local_platform_knows_the_app_through_its_files_and_the_protocol_only() =>
        Assert.Subset(Of("Hexabase.Durable", "Hexabase.Sqlite"), Of(ProductUsesOf("Hexabase.Local")));

    [Fact]
    public void The_app_shows_that_these_tests_would_see_what_they_forbid()
    {
        Assert.Superset(Of("Hexabase.Adapters", "Hexabase.Domain", "Hexabase.Worker"), Of(ProductUsesOf("Hexabase.Functions")));
        Assert.NotEmpty(UsesOf("Hexabase.Functions", "Microsoft.AspNetCore"));
        Assert.NotEmpty(UsesOf("Hexabase.Adapters", "Azure"));
        Assert.NotEmpty(UsesOf("Hexabase.Sqlite", "SQLitePCL"));
    }

    [Theory] // By source: namespaces of one assembly leave no reference to look at.
    [InlineData("Jobs", "Runs")]
    [InlineData("Jobs", "Sweeps")]
    [InlineData("Runs", "Sweeps")]
    public void Within_the_domain_jobs_are_below_runs_and_runs_below_sweeps(string below, string above)
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "shared", "domain", below), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(sources);
        Assert.DoesNotContain(sources, source => File.ReadAllText(source).Contains($"Domain.{above}", StringComparison.Ordinal));
    }

    [Fact] // By source: a query over an index asks every partition of a Cosmos container.
    public void Only_what_timers_do_queries_an_index()
    {
        string[] areas = [Path.Combine("shared", "domain"), "orchestrations", "functions"];
        var queries = areas
            .SelectMany(area => Directory.GetFiles(Path.Combine(Repository.Root, area), "*.cs", SearchOption.AllDirectories))
            .Where(source => File.ReadAllText(source).Contains("new IndexQuery(", StringComparison.Ordinal))
            .Select(source => Path.GetFileNameWithoutExtension(source))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.Equal(["ResendOutbox", "ResendStuckJobs", "ReviveChanges", "TurnQuotas"], queries);

        var triggers = Directory.GetFiles(Path.Combine(Repository.Root, "functions"), "*Trigger.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.All(triggers.Where(trigger => queries.Any(query => trigger.Contains($"{query}Handler", StringComparison.Ordinal))), trigger =>
            Assert.Contains("[TimerTrigger(", trigger, StringComparison.Ordinal));
    }

    private static HashSet<string> Of(params IEnumerable<string> names) => names.ToHashSet(StringComparer.Ordinal);

    /// <summary>The product's own assemblies that an assembly uses.</summary>
    private static IReadOnlyList<string> ProductUsesOf(string assembly) => Read(
        assembly,
        metadata => metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith(Product, StringComparison.Ordinal)));

    /// <summary>Assemblies and types that an assembly uses of a library: those whose name, or namespace, is the library's or within it.</summary>
    private static IReadOnlyList<string> UsesOf(string assembly, string library) => Read(
        assembly,
        metadata => metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Concat(metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"))
            .Where(name => $"{name}.".StartsWith($"{library}.", StringComparison.Ordinal)));

    private static IReadOnlyList<string> Read(string assembly, Func<MetadataReader, IEnumerable<string>> names)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));
        return [.. names(file.GetMetadataReader()).Order(StringComparer.Ordinal)];
    }
}
