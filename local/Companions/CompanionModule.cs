using Hexabase.Local.Settings;

namespace Hexabase.Local.Companions;

/// <summary>Wires the companions into the platform.</summary>
public static class CompanionModule
{
    public static IServiceCollection AddCompanions(this IServiceCollection services, NpmPackage package, DataFolder data, LocalPorts ports) => services
        .AddSingleton(s => ActivatorUtilities.CreateInstance<CompanionProcesses>(s, package, data, ports))
        .AddHostedService(s => s.GetRequiredService<CompanionProcesses>());
}
