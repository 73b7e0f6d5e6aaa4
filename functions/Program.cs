using Hexabase.Domain;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Billing;
using Hexabase.Functions.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Functions.Platform;
using Hexabase.Functions.Runs;
using Hexabase.Functions.Strategies;
using Hexabase.Worker;
using Hexabase.Worker.Generation;

if (FunctionGenerator.TryRun(args, typeof(Program).Assembly, out var exitCode))
    return exitCode;

var builder = FunctionsApplication.CreateBuilder(args);
builder.AddFunctionsWorker(typeof(Program).Assembly);
builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
builder.Services.AddOpenApi();
builder.Services
    .AddObservability(builder.Configuration)
    .AddStores(builder.Configuration)
    .AddBilling()
    .AddAccounts(builder.Configuration)
    .AddStrategies(builder.Configuration)
    .AddDatasets(builder.Configuration)
    .AddRuns(builder.Configuration)
    .AddSiteCors();

var app = builder.Build();
app.UseCorrelationId();
app.UseSecurityHeaders();
app.UseProblemsForExceptions();
app.UseRouting();
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();
app.MapFunctions();
return await app.RunFunctionsAsync();
