using Microsoft.AspNetCore.Builder;

namespace Hexabase.Worker;

/// <summary>Where a function app begins.</summary>
public static class FunctionsApplication
{
    /// <summary>A builder whose environment is what the host calls it in <c>AZURE_FUNCTIONS_ENVIRONMENT</c>: Production, or Development on a developer's machine.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) => WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = args,
        EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT"),
        ContentRootPath = AppContext.BaseDirectory,
    });
}
