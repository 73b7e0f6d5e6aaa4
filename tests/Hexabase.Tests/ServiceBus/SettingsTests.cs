using System.Text.Json;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Local;
using Hexabase.Local.Functions;
using Hexabase.Local.ServiceBus;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

public sealed class SettingsTests
{
    [Fact]
    public void Limits_and_queues_come_from_host_json()
    {
        var settings = ServiceBusSettings.Read(JsonElement.Parse("""
            {"version":"2.0","extensions":{"serviceBus":{
             "maxConcurrentSessions":44,"maxConcurrentCalls":3,"maxMessageBatchSize":20,"prefetchCount":0,
             "queues":{"runs":{"maxDeliveryCount":5,"duplicateDetectionHistoryTimeWindow":"00:20:00"}}}}}
            """), "local", "key");
        Assert.Equal((44, 3, 20), (settings.MaxConcurrentSessions, settings.MaxConcurrentCalls, settings.MaxMessageBatchSize));
        Assert.Equal(
            new QueueSettings { MaxDeliveryCount = 5, DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(20) },
            settings.Queues["RUNS"]);
    }

    [Fact]
    public void Without_a_section_the_defaults_are_those_of_Azure()
    {
        var settings = ServiceBusSettings.Read(JsonElement.Parse("""{"version":"2.0"}"""), "local", "key");
        Assert.Equal((8, 1_000), (settings.MaxConcurrentSessions, settings.MaxMessageBatchSize));
        var queue = BusQueue.Of([FakeFunctionApp.Function("runs")], settings).Single();
        Assert.Equal((10, TimeSpan.FromMinutes(1)), (queue.Settings.MaxDeliveryCount, queue.Settings.LockDuration));
    }

    [Theory]
    [InlineData("""{"maxConcurrentSessions":0}""")]
    [InlineData("""{"maxConcurrentCalls":-1}""")]
    [InlineData("""{"maxMessageBatchSize":0}""")]
    [InlineData("""{"maxConcurrentCalls":"many"}""")]
    [InlineData("null")]
    public void A_section_that_makes_no_sense_is_refused_in_one_line(string section)
    {
        var host = JsonElement.Parse($$$"""{"extensions":{"serviceBus":{{{section}}}}}""");
        var refusal = Assert.Throws<CannotStartException>(() => ServiceBusSettings.Read(host, "local", "key"));
        Assert.StartsWith("extensions.serviceBus of host.json cannot be used: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_functions_cannot_share_a_queue() => Assert.Throws<CannotStartException>(() =>
        BusQueue.Of([FakeFunctionApp.Function("runs"), FakeFunctionApp.Function("Runs") with { Name = "Other" }], BusHost.Settings));

    [Fact]
    public void A_topic_is_refused()
    {
        var binding = JsonElement.Parse("""{"type":"serviceBusTrigger","name":"msg","topicName":"t","subscriptionName":"s"}""");
        Assert.Throws<CannotStartException>(() => BusQueue.Of([new FunctionDefinition("OnTopic", [binding])], BusHost.Settings));
    }

    [Theory]
    [InlineData("Endpoint=sb://contoso/;SharedAccessKeyName=sender;SharedAccessKey=abc=;EntityPath=runs", "https://contoso/")]
    [InlineData("Endpoint=http://localhost:7071/;SharedAccessKeyName=sender;SharedAccessKey=abc=", "http://localhost:7071/")]
    public void A_connection_string_names_the_endpoint_and_the_key(string text, string endpoint) =>
        Assert.Equal(new ServiceBusConnection.SharedAccess(new Uri(endpoint), "sender", "abc="), ServiceBusConnection.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=sender")]
    [InlineData("SharedAccessKeyName=sender;SharedAccessKey=abc")]
    [InlineData("Endpoint=sb://contoso/;SharedAccessKeyName=sender;SharedAccessKey=abc;SharedAccessKey=def")]
    [InlineData("Endpoint=http://contoso.servicebus.windows.net/;SharedAccessKeyName=sender;SharedAccessKey=abc")]
    public void A_connection_string_that_cannot_be_used_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ServiceBusConnection.Parse(text));

    [Fact]
    public void A_namespace_alone_means_the_identity_of_the_process()
    {
        var connection = Assert.IsType<ServiceBusConnection.Identity>(
            Given.Read(ServiceBusConnection.Read, ("ServiceBus__fullyQualifiedNamespace", "contoso.servicebus.windows.net")));
        Assert.Equal(new Uri("https://contoso.servicebus.windows.net/"), connection.Endpoint);
    }
}
