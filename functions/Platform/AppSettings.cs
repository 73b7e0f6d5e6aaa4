using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Settings;
using Hexabase.Adapters.Stripe;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Functions.Runs;
using Hexabase.Functions.Workspaces;
using Hexabase.Worker.Durable.Client;

namespace Hexabase.Functions.Platform;

/// <summary>All that the app can be told, read and checked before anything else is made: docs/settings.md.</summary>
/// <param name="Collector">Where traces and metrics go, if anywhere.</param>
/// <param name="Cluster">Null where there is none.</param>
/// <param name="FrontDoor">Id of the Azure Front Door before the app, if there is one.</param>
/// <param name="Seed">Writes the built-in catalog after start.</param>
public sealed record AppSettings(
    Uri? Collector,
    StoresSettings Stores,
    DurableTaskHost Orchestrations,
    StripeSettings Payments,
    ClusterSettings? Cluster,
    AuthSettings Auth,
    Guid? FrontDoor,
    bool Seed,
    RunsSettings Runs,
    WorkspacesSettings Workspaces)
{
    /// <exception cref="InvalidSettingsException">With a line for each setting that is missing or cannot be used.</exception>
    public static AppSettings Read(IConfiguration configuration, IHostEnvironment environment) =>
        SettingsReader.Read(configuration, settings => Read(settings, environment));

    public static AppSettings Read(SettingsReader settings, IHostEnvironment environment) => new(
        Observability.ReadCollector(settings),
        StoresSettings.Read(settings),
        DurableTaskSettings.Read(settings),
        StripeSettings.Read(settings),
        ClusterSettings.Read(settings, environment),
        AuthSettings.Read(settings),
        ClientAddress.ReadFrontDoor(settings),
        settings.Optional("Seed", SettingKinds.Switch),
        RunsSettings.Read(settings, settings.Try(() => HostLimits.Read(AppContext.BaseDirectory))),
        WorkspacesSettings.Read(settings));
}
