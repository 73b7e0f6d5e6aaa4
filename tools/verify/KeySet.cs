using Hexabase.Backtesting.Proofs;

namespace Hexabase.Verify;

/// <summary>The public keys of a site, from a file or from the site.</summary>
internal static class KeySet
{
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="FormatException">It is no key set, or an address that anybody on the way could answer for.</exception>
    public static async Task<VerificationKeys> Read(string place, CancellationToken ct) => VerificationKeys.Parse(
        Uri.TryCreate(place, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? await Download(address, ct)
            : await File.ReadAllBytesAsync(place, ct));

    private static async Task<byte[]> Download(Uri address, CancellationToken ct)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
            throw new FormatException("Keys are trusted over https only, or from this machine.");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MostBytes,
        };
        return await http.GetByteArrayAsync(address, ct);
    }
}
