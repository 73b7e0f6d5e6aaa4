using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Hexabase.Adapters.Settings;
using Microsoft.Extensions.Primitives;

namespace Hexabase.Functions.Http;

/// <summary>The network a request came from, as rate limits count it.</summary>
/// <param name="frontDoor">Id of the Azure Front Door before the app, if there is one.</param>
public sealed class ClientAddress(Guid? frontDoor)
{
    private const int NetworkBytes = 8;
    private const int IdBytes = 16;

    private static readonly SettingKind<Guid?> Id = new("the id of the Front Door profile, which it shows in X-Azure-FDID", text => Guid.Parse(text));

    public static Guid? ReadFrontDoor(SettingsReader settings) => settings.Section("FrontDoor").Optional("Id", Id);

    /// <summary>
    /// The right-most entry of <c>X-Forwarded-For</c>, which the trusted front end appended (Azure with a port); all before it is what the
    /// client claims. Of a request that came through our Front Door that is one of its edges, which strangers share, and the client is in
    /// <c>X-Azure-SocketIP</c>. Without these the connection's peer. An IPv6 address counts as its /64, which one customer has to itself.
    /// </summary>
    public string Of(HttpRequest request)
    {
        var told = CameThroughFrontDoor(request) ? request.Headers["X-Azure-SocketIP"] : request.Headers["X-Forwarded-For"];
        return IPEndPoint.TryParse(Last(told), out var from) ? Network(from.Address)
            : request.HttpContext.Connection.RemoteIpAddress is { } peer ? Network(peer)
            : "unknown";
    }

    /// <summary>The app's own address is open to everybody too, where a client may send any header: the id is what it cannot know.</summary>
    private bool CameThroughFrontDoor(HttpRequest request)
    {
        if (frontDoor is not { } ours || !Guid.TryParse(request.Headers["X-Azure-FDID"], out var shown))
            return false;
        Span<byte> expected = stackalloc byte[IdBytes], given = stackalloc byte[IdBytes];
        return ours.TryWriteBytes(expected) && shown.TryWriteBytes(given) && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static ReadOnlySpan<char> Last(StringValues entries) =>
        entries is [.., { } last] ? last.AsSpan()[(last.LastIndexOf(',') + 1)..].Trim() : [];

    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
