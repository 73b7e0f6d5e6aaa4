using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Builder;
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

    private static async Task<int> Run<TService>() where TService : class, IHostedService
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "0";
        builder.AddFunctionsWorker(FunctionCatalog.Of(Type.EmptyTypes));
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

    private sealed class Stopping(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }
    }
}
