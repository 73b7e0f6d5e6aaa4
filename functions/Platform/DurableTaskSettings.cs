using Hexabase.Adapters.Settings;
using Hexabase.Worker.Durable.Client;

namespace Hexabase.Functions.Platform;

/// <summary>
/// Section <c>DurableTask</c>: the durable management API and its key. The address may be missing where the host says its own name in
/// <c>WEBSITE_HOSTNAME</c>: on Azure and under Core Tools.
/// </summary>
public static class DurableTaskSettings
{
    /// <summary>As the extension makes its own address.</summary>
    private static readonly SettingKind<Uri> HostName = new("the host's name and perhaps its port", name => new Uri(
        $"{(name.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "http" : "https")}://{name}/runtime/webhooks/durabletask"));

    public static DurableTaskHost Read(SettingsReader settings)
    {
        var section = settings.Section("DurableTask");
        var ofHost = settings.Optional("WEBSITE_HOSTNAME", HostName);
        var given = section.RequiredIf(ofHost is null, "BaseUrl", SettingKinds.SafeAddress("the address of the durable management API"));
        var address = given ?? ofHost;
        var code = section.RequiredIf(
            address is { IsLoopback: false }, "Code", SettingKinds.Secret("the system key durabletask_extension of the function app"));
        return new DurableTaskHost(address is null ? null! : new Uri(address.AbsoluteUri.TrimEnd('/')), code);
    }
}
