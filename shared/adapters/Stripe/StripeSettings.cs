using Microsoft.Extensions.Configuration;

namespace Hexabase.Adapters.Stripe;

/// <summary>Where payments are made and how to get in.</summary>
/// <param name="BaseUrl">With a trailing slash; plain http on this machine only, for the simulator.</param>
/// <param name="SecretKey"><c>sk_…</c></param>
public sealed record StripeSettings(Uri BaseUrl, string SecretKey)
{
    private const string Live = "https://api.stripe.com";

    /// <summary>Reads <c>Payments:BaseUrl</c> and <c>Payments:SecretKey</c>.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static StripeSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Payments");
        if (section["SecretKey"] is not { Length: > 0 } key)
            throw new InvalidOperationException("Payments__SecretKey is missing: the payment provider's secret key.");
        if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new InvalidOperationException("Payments__SecretKey is no secret key: it has characters that none has.");
        var address = section["BaseUrl"] is { Length: > 0 } given ? given : Live;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            throw new InvalidOperationException($"Payments__BaseUrl is no https address: {address}");
        }
        return new StripeSettings(uri, key);
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"Stripe at {BaseUrl}";
}
