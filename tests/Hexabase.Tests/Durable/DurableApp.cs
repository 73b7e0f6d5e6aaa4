using System.Text.Json.Nodes;
using Hexabase.Tests.Local;
using Hexabase.Tests.Worker;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Generation;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Durable;

/// <summary>A function app of this assembly's orchestrators and activities, run as a process of its own by a platform.</summary>
internal static class DurableApp
{
    public const string Command = "durable-app";

    private static readonly FunctionCatalog Functions = FunctionCatalog.Of(
        typeof(Chain), typeof(Reserve), typeof(Charge), typeof(Fail), typeof(Judge), typeof(Approval));

    public static async Task<int> Run()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.AddFunctionsWorker(Functions);
        builder.Services.AddSingleton<Received>();
        var app = builder.Build();
        app.MapFunctions();
        return await app.RunFunctionsAsync();
    }

    /// <summary>What a build would put into the output of such an app.</summary>
    public static HandlerApp NewFolder()
    {
        var app = new HandlerApp();
        FunctionGenerator.Generate(Functions, app.Folder);
        app.Change("host.json", host =>
        {
            host["extensions"]!["durableTask"] = new JsonObject { ["hubName"] = "Tests" };
            host["customHandler"]!["description"] = new JsonObject
            {
                ["defaultExecutablePath"] = "dotnet",
                ["arguments"] = new JsonArray(typeof(DurableApp).Assembly.Location, Command),
            };
        });
        return app;
    }
}
