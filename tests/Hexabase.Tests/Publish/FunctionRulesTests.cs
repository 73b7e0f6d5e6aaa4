using System.Text.Json;

namespace Hexabase.Tests.Publish;

/// <summary>The rules see what they are there for.</summary>
public sealed class FunctionRulesTests
{
    private const string Http = """{"bindings":[{"type":"httpTrigger","direction":"in","name":"req","methods":["get"],"route":"a/{id}"},{"type":"http","direction":"out","name":"res"}]}""";
    private const string Timer = """{"bindings":[{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 */5 * * * *"}]}""";
    private const string Queue = """{"bindings":[{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"runs","connection":"ServiceBus"}]}""";
    private const string Orchestration = """{"bindings":[{"type":"orchestrationTrigger","direction":"in","name":"context"}]}""";

    [Theory]
    [InlineData(Http)]
    [InlineData(Timer)]
    [InlineData(Queue)]
    [InlineData(Orchestration)]
    public void What_the_host_takes_is_taken(string file) => Assert.Empty(FunctionRules.Problems("F", JsonElement.Parse(file)));

    [Theory]
    [InlineData(Http, "\"in\"", "\"out\"", "the direction of a httpTrigger is in")]
    [InlineData(Http, "\"req\"", "\"the req\"", "has no name that a binding may have")]
    [InlineData(Http, "\"get\"", "\"GET\"", "methods of a httpTrigger cannot be")]
    [InlineData(Http, "a/{id}", "admin/{id}", "route of a httpTrigger cannot be")]
    [InlineData(Http, "a/{id}", "/a", "route of a httpTrigger cannot be")]
    [InlineData(Http, "a/{id}", "a/{id", "route of a httpTrigger cannot be")]
    [InlineData(Http, "\"http\"", "\"queue\"", "'httpTrigger+queue' is neither")]
    [InlineData(Timer, "0 */5 * * * *", "*/5 * * * *", "schedule of a timerTrigger cannot be")]
    [InlineData(Timer, "schedule", "cron", "schedule of a timerTrigger is missing")]
    [InlineData(Queue, "\"runs\"", "\"runs?\"", "queueName of a serviceBusTrigger cannot be")]
    [InlineData(Queue, "\"connection\":\"ServiceBus\"", "\"connection\":\"ServiceBus\",\"autoCompleteMessages\":false", "autoCompleteMessages of a serviceBusTrigger cannot be")]
    [InlineData(Queue, "serviceBusTrigger", "serviceBustrigger", "is neither one trigger")]
    [InlineData(Orchestration, "\"bindings\"", "\"disabled\":true,\"bindings\"", "disabled is not known")]
    [InlineData(Orchestration, "bindings", "binding", "bindings is missing")]
    public void What_the_host_does_not_take_is_a_problem(string file, string good, string bad, string problem) => Assert.Contains(
        FunctionRules.Problems("F", JsonElement.Parse(file.Replace(good, bad, StringComparison.Ordinal))),
        found => found.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("host")]
    [InlineData("1st")]
    [InlineData("a.b")]
    public void Some_names_are_no_function_s(string name) => Assert.NotEmpty(FunctionRules.Problems(name, JsonElement.Parse(Timer)));

    [Fact]
    public void Names_differ_by_more_than_case() => Assert.Equal(["F and f have one name"], Collisions(("F", Timer), ("f", Timer)));

    [Fact]
    public void Routes_differ_by_more_than_the_names_of_their_parameters() => Assert.Equal(
        ["F and G answer get A/{}"],
        Collisions(("F", Http), ("G", Http.Replace("a/{id}", "A/{other}", StringComparison.Ordinal))));

    [Fact]
    public void One_route_may_have_a_function_for_each_method() => Assert.Empty(
        Collisions(("F", Http), ("G", Http.Replace("\"get\"", "\"post\"", StringComparison.Ordinal))));

    private static IEnumerable<string> Collisions(params (string Name, string File)[] files) =>
        FunctionRules.Collisions(files.ToDictionary(f => f.Name, f => JsonElement.Parse(f.File), StringComparer.Ordinal));
}
