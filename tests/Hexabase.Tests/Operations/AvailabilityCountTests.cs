using Hexabase.Functions.Http;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Tests.Operations;

/// <summary>Which requests count as answered, which as not, and which do not count.</summary>
public sealed class AvailabilityCountTests
{
    [Theory]
    [InlineData(200, "availability good")]
    [InlineData(404, "availability good")]
    [InlineData(429, "availability good")]
    [InlineData(500, "availability bad")]
    [InlineData(503, "availability bad")]
    public async Task A_request_is_good_unless_it_is_answered_with_a_server_error(int status, string counted) =>
        Assert.Equal([counted], await Counted(Requested(nameof(Functions.Http), "/api/me"), Answer(status)));

    [Fact]
    public async Task An_answer_that_was_cut_off_is_bad() =>
        Assert.Equal(["availability bad"], await Counted(Requested(nameof(Functions.Http), "/api/me"), _ => throw new IOException("Gone.")));

    [Fact]
    public async Task A_caller_who_gave_up_is_not_counted()
    {
        var context = Requested(nameof(Functions.Http), "/api/me");
        Assert.Empty(await Counted(context, _ =>
        {
            context.RequestAborted = new CancellationToken(canceled: true);
            throw new OperationCanceledException();
        }));
    }

    [Theory]
    [InlineData(nameof(Functions.Http), "/health/ready")]
    [InlineData(nameof(Functions.Timer), "/Timer")]
    [InlineData(null, "/no/such/address")]
    public async Task Health_checks_calls_by_envelope_and_what_no_function_answers_are_not_counted(string? function, string path) =>
        Assert.Empty(await Counted(Requested(function, path), Answer(503)));

    private static async Task<IReadOnlyList<string>> Counted(HttpContext context, RequestDelegate next)
    {
        using var measured = new Measured();
        try
        {
            await AvailabilityCount.Count(context, next);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return measured.Take(); // It goes on to the server.
        }
        return measured.Take();
    }

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static DefaultHttpContext Requested(string? function, string path)
    {
        var context = new DefaultHttpContext { Request = { Path = path } };
        var descriptor = FunctionCatalog.Of(typeof(Functions)).Functions.FirstOrDefault(f => f.Name == function);
        context.SetEndpoint(descriptor is null ? null : new Endpoint(requestDelegate: null, new EndpointMetadataCollection(descriptor), function));
        return context;
    }

    internal sealed class Functions
    {
        [Function("Http"), AllowAnonymous]
        public IResult Http([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/me")] HttpRequest request) => Results.Ok(request.Path);

        [Function("Timer")]
        public Task Timer([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => Task.FromResult(timer);
    }
}
