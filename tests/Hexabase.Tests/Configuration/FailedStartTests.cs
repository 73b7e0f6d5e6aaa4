using System.Diagnostics;
using System.Globalization;
using Hexabase.Adapters.Settings;
using Hexabase.Tests.Worker;

namespace Hexabase.Tests.Configuration;

/// <summary>The app as a process, with settings that it cannot start with.</summary>
public sealed class FailedStartTests
{
    private const string Secret = "Tr0ub4dor-and-3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Auth__PublicBaseUrl", "", "Auth__PublicBaseUrl is missing: expected an origin that browsers use, such as https://app.example.com.")]
    [InlineData("Auth__SigningKeys", "", "Auth__SigningKeys is missing: expected private keys on the curve P-256, as PKCS#8 in PEM.")]
    [InlineData("Auth__SigningKeys", Secret, "Auth__SigningKeys is malformed: key 1 is no PEM block.")]
    [InlineData("Auth__Google__ClientId", "id", "Auth__Google__ClientSecret is missing: expected the secret of the client whose id is set.")]
    [InlineData("AzureWebJobsStorage", Secret, "AzureWebJobsStorage is malformed: expected a connection string of a storage account, or AzureWebJobsStorage__blobServiceUri in its place.")]
    [InlineData("DurableTask__BaseUrl", "http://app.example.com", "DurableTask__BaseUrl is malformed: expected the address of the durable management API: https without a query, or http on this machine.")]
    [InlineData("Payments__SecretKey", Secret, "Payments__SecretKey is malformed: expected the payment provider's secret key, which begins with sk_ or rk_ and has no blanks.")]
    [InlineData("Payments__SecretKey", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)", "Payments__SecretKey is a Key Vault reference that was not resolved: the secret must exist, and the app's identity must be allowed to read it.")]
    [InlineData("Runs__Timeout", "30", "Runs__Timeout is malformed: expected a duration above zero and up to a year, as hh:mm:ss or d.hh:mm:ss.")]
    [InlineData("Runs__Timeout", "00:10:00", "Runs__Timeout is too long: a run of 00:10:00 and 00:00:30 more do not end within 00:10:00, which is functionTimeout in host.json.")]
    [InlineData("Runs__Slots__Free", "5", "Runs__Slots come to 41: expected at most 40, which is maxConcurrentSessions in host.json, or busy slots would wait.")]
    [InlineData("Runs__Slot__Free", "1", "Runs__Slot__Free is not a setting; see docs/settings.md.")]
    [InlineData("Upgrade__Retry__Longest", "00:00:00.5", "Upgrade__Retry__Longest is malformed: expected no less than Upgrade__Retry__First.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT is malformed: expected the http address of an OpenTelemetry collector.")]
    public async Task One_line_names_the_setting_and_what_is_expected(string name, string value, string line)
    {
        var (exitCode, error, output) = await Start((name, value));
        Assert.Equal(line, Assert.Single(error));
        Assert.Empty(output);
        Assert.Equal(InvalidSettingsException.ExitCode, exitCode);
    }

    [Fact]
    public async Task Every_required_setting_that_is_missing_has_its_line()
    {
        var (exitCode, error, _) = await Start([.. FunctionAppOutput.LeastSettings.Keys.Select(name => (name, ""))]);
        Assert.Equal(
            FunctionAppOutput.LeastSettings.Keys.Order(StringComparer.Ordinal),
            error.Select(line => line[..line.IndexOf(" is missing: ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.Equal(InvalidSettingsException.ExitCode, exitCode);
    }

    [Fact]
    public async Task No_secret_is_in_what_a_failed_start_writes()
    {
        var (_, error, output) = await Start(
            [.. ProductSettings.Known.Where(setting => setting.IsSecret).Select(setting => (setting.Name, $"{Secret} {setting.Name}"))]);
        Assert.NotEmpty(error);
        Assert.DoesNotContain(error.Append(output), text => text.Contains(Secret, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string[] Error, string Output)> Start(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(FunctionAppOutput.Executable) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = 0.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in FunctionAppOutput.LeastSettings)
            start.Environment[name] = value;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var app = Process.Start(start)!;
        try
        {
            var error = app.StandardError.ReadToEndAsync();
            var output = await app.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await app.WaitForExitAsync().WaitAsync(Patience);
            return (app.ExitCode, (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries), output);
        }
        finally
        {
            app.Kill(entireProcessTree: true); // Does nothing when it has ended, as it should.
        }
    }
}
