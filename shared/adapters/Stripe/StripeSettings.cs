using Hexabase.Adapters.Settings;

namespace Hexabase.Adapters.Stripe;

/// <summary>Section <c>Payments</c>: where payments are made and how to get in.</summary>
/// <param name="BaseUrl">With a trailing slash; plain http on this machine only, for the simulator.</param>
/// <param name="SecretKey"><c>sk_…</c></param>
public sealed record StripeSettings(Uri BaseUrl, string SecretKey)
{
    private static readonly SettingKind<string> Key = new(
        "the payment provider's secret key, which begins with sk_ or rk_ and has no blanks",
        text => IsKey(text) ? text : throw new FormatException(),
        IsSecret: true);

    private static readonly Uri Live = new("https://api.stripe.com/");

    public static StripeSettings Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var section = settings.Section("Payments");
        var address = section.Optional("BaseUrl", SettingKinds.SafeAddress("the address of the payment provider"), Live);
        return new StripeSettings(new Uri($"{address.AbsoluteUri.TrimEnd('/')}/"), section.Required("SecretKey", Key));
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"Stripe at {BaseUrl}";

    private static bool IsKey(string text) =>
        (text.StartsWith("sk_", StringComparison.Ordinal) || text.StartsWith("rk_", StringComparison.Ordinal))
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
