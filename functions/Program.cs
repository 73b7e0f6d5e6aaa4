using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Settings;
using Hexabase.Adapters.Stripe;
using Hexabase.Domain;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Billing;
using Hexabase.Functions.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Functions.Operations;
using Hexabase.Functions.Platform;
using Hexabase.Functions.Runs;
using Hexabase.Functions.Strategies;
using Hexabase.Functions.Sweeps;
using Hexabase.Functions.Workspaces;
using Hexabase.Orchestrations;
using Hexabase.Worker;
using Hexabase.Worker.Generation;

var functions = new[] { typeof(Program).Assembly, typeof(OrchestrationsAssembly).Assembly };
if (FunctionGenerator.TryRun(args, functions, out var exitCode))
    return exitCode;

var builder = FunctionsApplication.CreateBuilder(args);
builder.AddFunctionsWorker(functions);
if (ReadSettings(builder) is not { } settings)
    return InvalidSettingsException.ExitCode;
builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
builder.Services
    .AddApiDescription()
    .AddObservability(settings.Collector)
    .AddStores(settings.Stores)
    .AddOperations()
    .AddOrchestrations(settings.Orchestrations)
    .AddBilling()
    .AddPayments(settings.Payments)
    .AddCluster(settings.Cluster)
    .AddAccounts(settings.Auth)
    .AddStrategies(settings.Seed)
    .AddDatasets()
    .AddRuns(settings.Runs)
    .AddSweeps()
    .AddWorkspaces(settings.Workspaces)
    .AddSiteCors()
    .AddSingleton(new ClientAddress(settings.FrontDoor));

var app = builder.Build();
app.UseHttpEdge();
app.MapFunctions();
return await app.RunFunctionsAsync();

static AppSettings? ReadSettings(WebApplicationBuilder builder)
{
    try
    {
        return AppSettings.Read(builder.Configuration, builder.Environment);
    }
    catch (InvalidSettingsException e)
    {
        foreach (var problem in e.Problems)
            Console.Error.WriteLine(problem);
        return null;
    }
}
