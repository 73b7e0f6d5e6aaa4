using System.Net;
using Hexabase.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Tests.Http;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")] // Azure's front end appends the port
    [InlineData("10.0.0.1, 198.51.100.2, 203.0.113.7:51234", "203.0.113.7")] // all but the last entry is the client's claim
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:51234", "2001:db8:1:2::/64")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("nonsense", "192.0.2.1")]
    [InlineData("203.0.113.7, ", "192.0.2.1")]
    public void The_address_is_the_right_most_forwarded_one_without_its_port(string header, string expected) =>
        Assert.Equal(expected, ClientAddress.Of(Request(header)));

    [Fact]
    public void Of_several_headers_the_last_counts()
    {
        var request = Request("198.51.100.2");
        request.Headers.Append("X-Forwarded-For", "203.0.113.7");
        Assert.Equal("203.0.113.7", ClientAddress.Of(request));
    }

    [Fact]
    public void Without_the_header_it_is_the_connections_peer() => Assert.Equal("192.0.2.1", ClientAddress.Of(Request(null)));

    private static HttpRequest Request(string? forwardedFor)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        return context.Request;
    }
}
