using Hexabase.Adapters.Kubernetes;
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
builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
builder.Services
    .AddApiDescription()
    .AddObservability(builder.Configuration)
    .AddStores(builder.Configuration)
    .AddOperations()
    .AddOrchestrations(builder.Configuration)
    .AddBilling()
    .AddPayments(builder.Configuration)
    .AddCluster(builder.Configuration, builder.Environment)
    .AddAccounts(builder.Configuration)
    .AddStrategies(builder.Configuration)
    .AddDatasets()
    .AddRuns(builder.Configuration)
    .AddSweeps()
    .AddWorkspaces(builder.Configuration)
    .AddSiteCors();

var app = builder.Build();
app.UseHttpEdge();
app.MapFunctions();
return await app.RunFunctionsAsync();
