using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Hexabase.Adapters.Cosmos;
using Hexabase.Domain.Runs;
using Hexabase.Local.ServiceBus;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Infrastructure;

/// <summary>What Bicep makes is what the code uses.</summary>
public sealed partial class AgreementTests(BicepFiles bicep) : IClassFixture<BicepFiles>
{
    private sealed record DocumentContainer(string Name, string PartitionKey, string[] IncludedPaths, string[] ExcludedPaths, int? DefaultTtl);

    [Fact]
    public void Document_containers_are_those_of_the_store()
    {
        var made = JsonSerializer.Deserialize<DocumentContainer[]>(BicepFiles.TextOf("containers.json"), JsonSerializerOptions.Web)!;
        var used = CosmosContainers.All().Select(container => new DocumentContainer(
            container.Id,
            container.PartitionKeyPath,
            [.. container.IndexingPolicy.IncludedPaths.Select(path => path.Path)],
            [.. container.IndexingPolicy.ExcludedPaths.Select(path => path.Path)],
            container.DefaultTimeToLive));
        Assert.Equal(JsonSerializer.Serialize(used), JsonSerializer.Serialize(made));
    }

    [Fact]
    public void Documents_are_read_as_the_store_promises() =>
        Assert.Equal(
            "Strong",
            (string?)bicep.Resource("Microsoft.DocumentDB/databaseAccounts")["properties", "consistencyPolicy", "defaultConsistencyLevel"]);

    [Fact]
    public void Queues_are_those_that_functions_are_triggered_by()
    {
        var made = bicep.Resources.Where(resource => resource.TypeName == "Microsoft.ServiceBus/namespaces/queues")
            .Select(queue => (Name: (string?)queue["name"], HasSessions: (bool?)queue["properties", "requiresSession"]));
        var used = BuiltApp.Of("serviceBusTrigger")
            .Select(trigger => (Name: (string?)trigger["queueName"], HasSessions: (bool?)trigger["isSessionsEnabled"]));
        Assert.Equal(used, made);
    }

    [Fact]
    public void The_queue_of_runs_is_set_up_as_the_one_on_one_machine()
    {
        var queue = bicep.Resource("Microsoft.ServiceBus/namespaces/queues");
        var local = new QueueSettings();
        Assert.Equal(true, (bool?)queue["properties", "requiresDuplicateDetection"]);
        Assert.Equal(local.DuplicateDetectionHistoryTimeWindow, Duration(queue, "duplicateDetectionHistoryTimeWindow"));
        Assert.Equal(local.LockDuration, Duration(queue, "lockDuration"));
        Assert.Equal(local.MaxDeliveryCount, (int?)queue["properties", "maxDeliveryCount"]);
    }

    [Fact]
    public void The_queue_gives_a_message_up_after_the_app_has_given_up_its_run() =>
        Assert.True((int?)bicep.Resource("Microsoft.ServiceBus/namespaces/queues")["properties", "maxDeliveryCount"] > RunExecutionOptions.Default.MostAttempts);

    [Fact]
    public void Blob_containers_are_those_that_blobs_are_written_to()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "shared", "domain"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => BlobPaths().Matches(File.ReadAllText(file)))
            .Select(path => path.Groups["container"].Value)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var made = bicep.All["modules/storage.bicep"].Variables["containers"]!.AsArray().Select(name => (string?)name);
        Assert.Equal(used, made.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Instances_are_kept_ready_for_functions_that_exist()
    {
        var always = Functions().Matches(BicepFiles.TextOf("modules/functionapp.bicep")).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(always);
        Assert.All(always, name => Assert.Contains(BuiltApp.Bindings, bound => bound.Function == name));
    }

    [Fact]
    public void The_site_is_looked_at_where_it_answers()
    {
        var address = (string?)bicep.Resource("Microsoft.Insights/webtests")["properties", "Request", "RequestUrl", "$expr"];
        Assert.True(BuiltApp.HasRoute(address!.Trim('\'')["${publicBaseUrl}".Length..]));
    }

    [Fact]
    public void Every_address_of_the_deployment_guide_is_a_route()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));
        var paths = SitePaths().Matches(guide).Select(match => match.Groups["path"].Value).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(BuiltApp.HasRoute(path), path));
    }

    private static TimeSpan Duration(BicepResource resource, string property) => XmlConvert.ToTimeSpan((string)resource["properties", property]!);

    [GeneratedRegex("""\$"(?<container>[a-z]+)/\{[^"]*\}\.(?:json|csv|png)["]""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex BlobPaths();

    [GeneratedRegex("'function:(?<name>[A-Za-z]+)'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Functions();

    [GeneratedRegex("""\$SITE(?<path>/[a-z][a-z/-]*)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SitePaths();
}
