using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Tests.Worker;

public sealed class DiscoveryTests
{
    [Fact]
    public void Functions_are_found_by_their_attribute_in_order_of_name() =>
        Assert.Equal(["OnBatch", "OnMessage", "OnTimer"], FunctionCatalog.Of(typeof(OnTimer), typeof(OnMessage), typeof(OnBatch)).Functions.Select(f => f.Name));

    [Theory]
    [InlineData(typeof(Undeclared), "Undeclared (Hexabase.Tests.Worker.DiscoveryTests+Undeclared.Run) does not declare who may call it")]
    [InlineData(typeof(OpenAndClosed), "declares both [Authorize] and [AllowAnonymous]")]
    [InlineData(typeof(NoTrigger), "has no trigger")]
    [InlineData(typeof(TwoTriggers), "has more than one trigger")]
    [InlineData(typeof(ReturnsVoid), "returns void")]
    [InlineData(typeof(ReturnsValue), "returns Task`1, which nobody would receive")]
    [InlineData(typeof(WrongInput), "[TimerTrigger] as it stands belongs on a parameter of type TimerInfo")]
    [InlineData(typeof(OneOnArray), "belongs on a parameter of type ServiceBusReceivedMessage or Byte[]")]
    [InlineData(typeof(ManyOnOne), "belongs on a parameter of type ServiceBusReceivedMessage[] or IReadOnlyList<ServiceBusReceivedMessage>")]
    [InlineData(typeof(ServiceParameter), "nothing can fill the parameter clock")]
    [InlineData(typeof(HttpOnContext), "[HttpTrigger] belongs on an HttpRequest parameter")]
    [InlineData(typeof(BadName), "a function's name is a letter followed by")]
    [InlineData(typeof(BadRoute), "has an unusable route")]
    [InlineData(typeof(RootRoute), "the path / is the host's")]
    [InlineData(typeof(StaticMethod), "must be a public instance method")]
    [InlineData(typeof(AbstractClass), "of which no instance can be made")]
    public void A_function_that_breaks_a_rule_keeps_the_app_from_starting(Type function, string problem) =>
        Assert.Contains(problem, Problem(function), StringComparison.Ordinal);

    [Fact]
    public async Task An_app_with_an_undeclared_caller_does_not_start_and_names_the_function()
    {
        var failure = await Assert.ThrowsAsync<InvalidFunctionsException>(() => WorkerApp.Start(typeof(OnTimer), typeof(Undeclared)));

        Assert.Contains("Undeclared", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_named_at_once() =>
        Assert.Equal(2, Assert.Throws<InvalidFunctionsException>(() => FunctionCatalog.Of(typeof(Undeclared), typeof(NoTrigger))).Problems.Count);

    [Fact]
    public void Two_functions_cannot_share_a_name_in_any_case() =>
        Assert.Contains("have the same name", Problem(typeof(OnTimer), typeof(SameName)), StringComparison.Ordinal);

    [Fact]
    public void Two_functions_cannot_share_a_route_and_method_whatever_they_call_its_parameters() =>
        Assert.Contains("answer the same method on the same route", Problem(typeof(GetRun), typeof(GetRunToo)), StringComparison.Ordinal);

    [Fact]
    public void Two_functions_may_share_a_route_with_different_methods() =>
        Assert.Equal(2, FunctionCatalog.Of(typeof(GetRun), typeof(DeleteRun)).Functions.Count);

    [Theory]
    [InlineData(typeof(PostAnything))]
    [InlineData(typeof(PostOneSegment))]
    [InlineData(typeof(PostTheName))]
    public void No_route_may_let_the_outside_post_to_a_function_that_trusts_the_host(Type open) =>
        Assert.Contains("lets outside callers post to /OnTimer", Problem(typeof(OnTimer), open), StringComparison.Ordinal);

    [Fact]
    public void A_route_for_everything_may_answer_other_methods() =>
        Assert.Equal(2, FunctionCatalog.Of(typeof(OnTimer), typeof(GetAnything)).Functions.Count);

    [Fact]
    public async Task A_function_whose_class_needs_a_service_that_is_not_registered_keeps_the_app_from_starting()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerApp.Start(typeof(Unservable)));

        Assert.Contains("Unservable", failure.Message, StringComparison.Ordinal);
        Assert.Contains("IFormatProvider", failure.Message, StringComparison.Ordinal);
    }

    private static string Problem(params Type[] functions) =>
        Assert.Single(Assert.Throws<InvalidFunctionsException>(() => FunctionCatalog.Of(functions)).Problems);

    private sealed class Unservable(IFormatProvider format)
    {
        [Function("Unservable")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.Delay(format is null ? 0 : 1);
    }

    private sealed class Undeclared
    {
        [Function("Undeclared")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/x")] HttpRequest request) => Results.Ok();
    }

    [AllowAnonymous]
    private sealed class OpenAndClosed
    {
        [Function("OpenAndClosed"), Authorize]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/x")] HttpRequest request) => Results.Ok();
    }

    private sealed class NoTrigger
    {
        [Function("NoTrigger")]
        public Task Run(TimerInfo timer) => Task.CompletedTask;
    }

    private sealed class TwoTriggers
    {
        [Function("TwoTriggers")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer, [ServiceBusTrigger("q")] ServiceBusReceivedMessage message) => Task.CompletedTask;
    }

    private sealed class ReturnsVoid
    {
        [Function("ReturnsVoid")]
        public void Run([TimerTrigger("* * * * * *")] TimerInfo timer) => _ = timer;
    }

    private sealed class ReturnsValue
    {
        [Function("ReturnsValue")]
        public Task<int> Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.FromResult(1);
    }

    private sealed class WrongInput
    {
        [Function("WrongInput")]
        public Task Run([TimerTrigger("* * * * * *")] string timer) => Task.CompletedTask;
    }

    private sealed class OneOnArray
    {
        [Function("OneOnArray")]
        public Task Run([ServiceBusTrigger("q")] ServiceBusReceivedMessage[] messages) => Task.CompletedTask;
    }

    private sealed class ManyOnOne
    {
        [Function("ManyOnOne")]
        public Task Run([ServiceBusTrigger("q", IsBatched = true)] ServiceBusReceivedMessage message) => Task.CompletedTask;
    }

    private sealed class ServiceParameter
    {
        [Function("ServiceParameter")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer, TimeProvider clock) => Task.CompletedTask;
    }

    private sealed class HttpOnContext
    {
        [Function("HttpOnContext"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpContext context) => Results.Ok();
    }

    private sealed class BadName
    {
        [Function("1st")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    private sealed class BadRoute
    {
        [Function("BadRoute"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/{id")] HttpRequest request) => Results.Ok();
    }

    private sealed class RootRoute
    {
        [Function("RootRoute"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/")] HttpRequest request) => Results.Ok();
    }

    private sealed class StaticMethod
    {
        [Function("StaticMethod")]
        public static Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    private abstract class AbstractClass
    {
        [Function("AbstractClass")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    private sealed class SameName
    {
        [Function("onTimer")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    private sealed class GetRun
    {
        [Function("GetRun"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/run/{run_id}")] HttpRequest request) => Results.Ok();
    }

    private sealed class GetRunToo
    {
        [Function("GetRunToo"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "GET", Route = "API/run/{id}")] HttpRequest request) => Results.Ok();
    }

    private sealed class DeleteRun
    {
        [Function("DeleteRun"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/run/{run_id}")] HttpRequest request) => Results.Ok();
    }

    private sealed class PostAnything
    {
        [Function("PostAnything"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) => Results.Ok();
    }

    private sealed class PostOneSegment
    {
        [Function("PostOneSegment"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "{slug}/{rest?}")] HttpRequest request) => Results.Ok();
    }

    private sealed class PostTheName
    {
        [Function("PostTheName"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "ontimer")] HttpRequest request) => Results.Ok();
    }

    private sealed class GetAnything
    {
        [Function("GetAnything"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = "{*path}")] HttpRequest request) => Results.Ok();
    }
}
