using System.Net;
using System.Net.Sockets;

namespace Hexabase.Functions.Http;

/// <summary>The network a request came from, as rate limits count it.</summary>
public static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// The right-most entry of <c>X-Forwarded-For</c>, which the trusted front end appended (Azure with a port); all before it is what the
    /// client claims. Without the header the connection's peer. An IPv6 address counts as its /64, which one customer has to itself.
    /// </summary>
    public static string Of(HttpRequest request)
    {
        var forwarded = request.Headers["X-Forwarded-For"] is [.., { } last] ? last.AsSpan()[(last.LastIndexOf(',') + 1)..].Trim() : [];
        return IPEndPoint.TryParse(forwarded, out var from) ? Network(from.Address)
            : request.HttpContext.Connection.RemoteIpAddress is { } peer ? Network(peer)
            : "unknown";
    }

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
