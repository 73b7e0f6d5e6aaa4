namespace Hexabase.Local.Functions;

/// <summary>Wires the function app into the platform.</summary>
public static class FunctionAppModule
{
    /// <summary>Keeps the app running, and adds <see cref="IFunctionApp"/> for the parts that trigger it.</summary>
    public static IServiceCollection AddFunctionApp(this IServiceCollection services) => services
        .AddSingleton<FunctionAppProcess>()
        .AddHostedService(s => s.GetRequiredService<FunctionAppProcess>())
        .AddSingleton<IFunctionApp, FunctionApp>();
}
