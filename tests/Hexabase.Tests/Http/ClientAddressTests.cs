using System.Net;
using Hexabase.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Tests.Http;

public sealed class ClientAddressTests
{
    private const string OurFrontDoor = "5b1f8a52-3c9e-4f0d-8f47-0d6f2c1b7a90";

    private static ClientAddress Direct => new(frontDoor: null);

    private static ClientAddress Behind => new(Guid.Parse(OurFrontDoor));

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
        Assert.Equal(expected, Direct.Of(Request(header)));

    [Fact]
    public void Of_several_headers_the_last_counts()
    {
        var request = Request("198.51.100.2");
        request.Headers.Append("X-Forwarded-For", "203.0.113.7");
        Assert.Equal("203.0.113.7", Direct.Of(request));
    }

    [Fact]
    public void Without_the_header_it_is_the_connections_peer() => Assert.Equal("192.0.2.1", Direct.Of(Request(null)));

    [Fact]
    public void Through_our_Front_Door_it_is_whom_that_talked_to() =>
        Assert.Equal("203.0.113.7", Behind.Of(Through(OurFrontDoor, socket: "203.0.113.7")));

    [Theory] // what a client may send to the app's own address, or through a Front Door of its own
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("7d2b3f0e-6a41-4c58-9e1d-2f8a5b0c4e77")]
    [InlineData($"{OurFrontDoor},{OurFrontDoor}")]
    public void Who_does_not_show_the_id_of_our_Front_Door_cannot_choose_an_address(string? shown) =>
        Assert.Equal("203.0.113.9", Behind.Of(Through(shown, socket: "203.0.113.7")));

    [Fact]
    public void Where_there_is_no_Front_Door_nobody_came_through_one() =>
        Assert.Equal("203.0.113.9", Direct.Of(Through(OurFrontDoor, socket: "203.0.113.7")));

    /// <summary>With a claim of the client's, and with the last hop that Azure's front end saw.</summary>
    private static HttpRequest Through(string? frontDoor, string socket)
    {
        var request = Request("198.51.100.2, 203.0.113.9:443");
        request.Headers["X-Azure-FDID"] = frontDoor;
        request.Headers["X-Azure-SocketIP"] = socket;
        return request;
    }

    private static HttpRequest Request(string? forwardedFor)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        return context.Request;
    }
}
