namespace Hexabase.Domain.Accounts;

/// <summary>Somebody else who knows people and vouches for them: OAuth 2.0 authorization code flow with PKCE.</summary>
public interface IIdentityProvider
{
    /// <summary>Lower-case letters; part of addresses and of stored keys, never changed.</summary>
    string Name { get; }

    /// <summary>Where to send the person to sign in and consent.</summary>
    Uri AuthorizationAddress(AuthorizationRequest request);

    /// <summary>
    /// The person who consented. Refused with <see cref="ProviderUnavailable"/> or <see cref="SignInFailed"/>; never throws for what
    /// the provider does.
    /// </summary>
    Task<Result<ExternalIdentity>> Identify(AuthorizationGrant grant, CancellationToken ct);
}

/// <param name="State">Comes back with the answer.</param>
/// <param name="CodeChallenge">RFC 7636, method S256.</param>
/// <param name="Callback">Where the answer goes.</param>
/// <param name="LoginHint">Whom to offer, often an e-mail address; null for no preference.</param>
public sealed record AuthorizationRequest(string State, string CodeChallenge, Uri Callback, string? LoginHint);

/// <param name="Code">What the provider gave the browser.</param>
/// <param name="CodeVerifier">What the challenge was made from.</param>
/// <param name="Callback">The same as in the request.</param>
public sealed record AuthorizationGrant(string Code, string CodeVerifier, Uri Callback);

/// <summary>The providers that are configured, by name.</summary>
public sealed class IdentityProviders(IEnumerable<IIdentityProvider> providers)
{
    private readonly Dictionary<string, IIdentityProvider> byName = providers.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>Null when there is no such provider or it is not configured.</summary>
    public IIdentityProvider? Find(string name) => byName.GetValueOrDefault(name);
}
