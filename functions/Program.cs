using Hexabase.Domain;
using Hexabase.Worker;
using Hexabase.Worker.Generation;

if (FunctionGenerator.TryRun(args, typeof(Program).Assembly, out var exitCode))
    return exitCode;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddFunctionsWorker(typeof(Program).Assembly);
builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));

var app = builder.Build();
app.MapFunctions();
return await app.RunFunctionsAsync();
