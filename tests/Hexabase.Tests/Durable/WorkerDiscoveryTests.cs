using System.Text.Json;
using Hexabase.Tests.Support;
using Hexabase.Tests.Worker;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Generation;

namespace Hexabase.Tests.Durable;

public sealed class WorkerDiscoveryTests
{
    [Fact]
    public void Classes_with_DurableTask_are_functions_among_others() =>
        Assert.Equal(
            ["Chain", "OnTimer", "Reserve"],
            FunctionCatalog.Of(typeof(Reserve), typeof(OnTimer), typeof(Chain), typeof(Order)).Functions.Select(f => f.Name));

    [Fact]
    public void Functions_are_found_in_every_assembly_given()
    {
        var both = FunctionCatalog.Of(typeof(Functions.Health.LiveTrigger).Assembly, typeof(Orchestrations.OrchestrationsAssembly).Assembly);

        Assert.Contains(both.Functions, f => f.Name == "Live");
        Assert.Equal(
            typeof(Orchestrations.OrchestrationsAssembly).Assembly.GetTypes().Count(t => t.IsDefined(typeof(DurableTaskAttribute), inherit: false)),
            both.Functions.Count(f => f.Class.Assembly == typeof(Orchestrations.OrchestrationsAssembly).Assembly));
    }

    [Theory] // durable-custom-handler.md §2, §3
    [InlineData(typeof(Chain), """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")]
    [InlineData(typeof(Reserve), """{"type":"activityTrigger","direction":"in","name":"input"}""")]
    [InlineData(typeof(Grandchild), """{"type":"activityTrigger","direction":"in","name":"input"}""")]
    public void Their_binding_is_called_the_same_whatever_the_class_calls_its_parameters(Type function, string binding)
    {
        using var folder = new TemporaryFolder();
        FunctionGenerator.Generate(FunctionCatalog.Of(function), folder.Path);

        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, function.Name, "function.json")));
        Assert.Equal(binding, JsonSerializer.Serialize(Assert.Single(json.RootElement.GetProperty("bindings").EnumerateArray())));
    }

    [Theory]
    [InlineData(typeof(Neither), "has [DurableTask] but is neither a TaskOrchestrator nor a TaskActivity")]
    [InlineData(typeof(BadName), "a function's name is a letter followed by")]
    [InlineData(typeof(Abstract), "of which no instance can be made")]
    [InlineData(typeof(Open<>), "of which no instance can be made")]
    [InlineData(typeof(TwoConstructors), "must have exactly one public constructor")]
    [InlineData(typeof(NoConstructor), "must have exactly one public constructor")]
    public void A_class_that_breaks_a_rule_keeps_the_app_from_starting(Type function, string problem) =>
        Assert.Contains(problem, Problem(function), StringComparison.Ordinal);

    [Fact]
    public void Orchestrators_activities_and_methods_cannot_share_a_name_in_any_case()
    {
        Assert.Contains("have the same name", Problem(typeof(Chain), typeof(SameAsChain)), StringComparison.Ordinal);
        Assert.Contains("have the same name", Problem(typeof(OnTimer), typeof(SameAsOnTimer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_whose_class_needs_a_service_that_is_not_registered_keeps_the_app_from_starting()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerApp.Start(typeof(Unservable)));

        Assert.Contains("needs System.IFormatProvider, which is not registered", failure.Message, StringComparison.Ordinal);
    }

    private static string Problem(params Type[] functions) =>
        Assert.Single(Assert.Throws<InvalidFunctionsException>(() => FunctionCatalog.Of(functions)).Problems);

    private abstract class Nothing : TaskActivity<int, int>
    {
        public override Task<int> RunAsync(TaskActivityContext context, int number) => Task.FromResult(number);
    }

    [DurableTask("Grandchild")]
    private sealed class Grandchild : Nothing;

    [DurableTask("Neither")]
    private sealed class Neither;

    [DurableTask("bad name")]
    private sealed class BadName : Nothing;

    [DurableTask("Abstract")]
    private abstract class Abstract : Nothing;

    [DurableTask("Open")]
    private sealed class Open<T> : TaskActivity<T, T>
    {
        public override Task<T> RunAsync(TaskActivityContext context, T input) => Task.FromResult(input);
    }

    [DurableTask("TwoConstructors")]
    private sealed class TwoConstructors : Nothing
    {
        public TwoConstructors()
        {
        }

        public TwoConstructors(TimeProvider clock) => _ = clock;
    }

    [DurableTask("NoConstructor")]
    private sealed class NoConstructor : Nothing
    {
        private NoConstructor()
        {
        }
    }

    [DurableTask("CHAIN")]
    private sealed class SameAsChain : Nothing;

    [DurableTask("onTimer")]
    private sealed class SameAsOnTimer : Nothing;

    [DurableTask("Unservable")]
    private sealed class Unservable(IFormatProvider format) : TaskActivity<int, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, int input) => Task.FromResult(input.ToString(format));
    }
}
