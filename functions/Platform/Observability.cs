using Hexabase.Adapters.Settings;
using Hexabase.Domain;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hexabase.Functions.Platform;

/// <summary>
/// OpenTelemetry traces and metrics over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the exporter reads that and the other
/// standard variables by itself. Nothing is collected otherwise.
/// </summary>
public static class Observability
{
    /// <summary>What telemetry says it is of; alerts ask for it.</summary>
    public const string ServiceName = "hexabase-functions";

    public static Uri? ReadCollector(SettingsReader settings) => settings.Optional(
        "OTEL_EXPORTER_OTLP_ENDPOINT", SettingKinds.Address("the http address of an OpenTelemetry collector"));

    public static IServiceCollection AddObservability(this IServiceCollection services, Uri? collector)
    {
        if (collector is null)
            return services;
        var resource = ResourceBuilder.CreateDefault().AddService(ServiceName);
        var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Telemetry.Name, "Microsoft.AspNetCore", "System.Net.Http", "Azure.*")
            .AddOtlpExporter()
            .Build();
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter()
            .Build();
        return services.AddHostedService(_ => new Export(traces, metrics));
    }

    /// <summary>Sends at the end what has not been exported yet.</summary>
    private sealed class Export(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        private const int LastWordsMilliseconds = 1_500;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(LastWordsMilliseconds), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(LastWordsMilliseconds), CancellationToken.None));
    }
}
