using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Hexabase.Domain;
using Hexabase.Domain.Operations;
using Hexabase.Functions.Platform;

namespace Hexabase.Tests.Infrastructure;

/// <summary>Alerts are on what the app measures.</summary>
public sealed partial class AlertTests(BicepFiles bicep) : IClassFixture<BicepFiles>
{
    private BicepFile Alerts => bicep.All["modules/alerts.bicep"];

    [Fact]
    public void Objectives_and_targets_are_those_of_the_app() =>
        Assert.Equal(
            Objective.All.ToDictionary(objective => objective.Name, objective => objective.Target, StringComparer.Ordinal),
            Alerts.Variables["objectives"]!.AsObject().ToDictionary(
                target => target.Key, target => decimal.Parse((string)target.Value!, CultureInfo.InvariantCulture), StringComparer.Ordinal));

    [Fact]
    public void Every_metric_of_ours_in_a_query_is_measured_by_the_app()
    {
        var measured = typeof(Telemetry).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => property.GetValue(null)).OfType<Instrument>().Select(instrument => instrument.Name);
        var asked = Metrics().Matches(BicepFiles.TextOf("modules/alerts.bicep")).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(measured));
    }

    [Fact]
    public void The_app_reports_under_the_name_that_is_asked_for() =>
        Assert.Contains($"AppRoleName == '{Observability.ServiceName}'", BicepFiles.TextOf("modules/alerts.bicep"), StringComparison.Ordinal);

    [Fact]
    public void Every_rule_tells_somebody() =>
        Assert.All(
            bicep.Resources.Where(resource => resource.TypeName is "Microsoft.Insights/scheduledQueryRules" or "Microsoft.Insights/metricAlerts"),
            rule => Assert.Contains("people.id", rule["properties", "actions"]!.ToJsonString(), StringComparison.Ordinal));

    [GeneratedRegex("'(?<name>hexabase\\.[a-z_.]+)'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Metrics();
}
