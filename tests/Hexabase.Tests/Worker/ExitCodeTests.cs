using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Worker;

/// <summary>A host starts an app again that ended with anything but 0.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task An_app_whose_background_service_fails_ends_with_1() => Assert.Equal(1, await Run<Failing>());

    [Fact]
    public async Task An_app_that_was_told_to_stop_ends_with_0() => Assert.Equal(0, await Run<Stopping>());

    [Fact]
    public async Task An_app_whose_work_does_not_end_cuts_it_off_and_ends_with_0()
    {
        var ended = Run<CallsAndStops>(typeof(Endless));
        Assert.Equal(0, await ended.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private static async Task<int> Run<TService>(params Type[] functions) where TService : class, IHostedService
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "0";
        builder.AddFunctionsWorker(FunctionCatalog.Of(functions));
        builder.Logging.ClearProviders();
        builder.Services.AddHostedService<TService>();
        var app = builder.Build();
        app.MapFunctions();
        return await app.RunFunctionsAsync();
    }

    private sealed class Failing(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new InvalidOperationException("It cannot go on.");
        }
    }

    internal sealed class Endless(IHostApplicationLifetime lifetime)
    {
        [Function("Endless"), AllowAnonymous]
        public async Task Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "endless")] HttpRequest request, CancellationToken ct)
        {
            lifetime.StopApplication();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }
    }

    /// <summary>Calls <see cref="Endless"/>, which has the app stopped while it works.</summary>
    private sealed class CallsAndStops(IHostApplicationLifetime lifetime, IServer server) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            using var http = new HttpClient { BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(new Uri("/endless", UriKind.Relative), CancellationToken.None));
        }
    }

    private sealed class Stopping(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }
    }
}
