using Hexabase.Domain.Accounts;

namespace Hexabase.Tests.Accounts;

public sealed class SiteAddressesTests
{
    private readonly SiteAddresses site = new(new Uri("https://api.example.com/"), [new Uri("https://app.example.com"), new Uri("http://localhost:5173")]);

    [Theory]
    [InlineData("https://app.example.com", "https://app.example.com/")]
    [InlineData("https://APP.example.com/a?b=c#d", "https://app.example.com/a?b=c#d")]
    [InlineData("https://app.example.com:443/a", "https://app.example.com/a")]
    [InlineData("http://localhost:5173/x", "http://localhost:5173/x")]
    [InlineData("https://api.example.com/own", "https://api.example.com/own")]
    public void People_are_sent_back_to_allowed_origins(string asked, string canonical) =>
        Assert.Equal(canonical, site.Redirect(asked)?.AbsoluteUri);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/console")]
    [InlineData("//app.example.com")]
    [InlineData("http://app.example.com")] // another scheme
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://evil.example/https://app.example.com")]
    [InlineData("https://app.example.com@evil.example")]
    [InlineData("https://user@app.example.com")]
    [InlineData("https://app.example.com\\@evil.example")] // a slash to browsers, no host to others
    [InlineData("javascript:alert(1)//https://app.example.com")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    public void Everything_else_is_refused(string? asked) => Assert.Null(site.Redirect(asked));

    [Fact]
    public void An_address_too_long_for_a_cookie_is_refused() =>
        Assert.Null(site.Redirect("https://app.example.com/" + new string('a', SiteAddresses.MaxRedirectLength)));

    [Fact]
    public void An_address_that_grows_too_long_when_it_is_escaped_is_refused() =>
        Assert.Null(site.Redirect("https://app.example.com/" + new string('é', SiteAddresses.MaxRedirectLength / 2)));

    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://api.example.com", true)]
    [InlineData("null", false)]
    [InlineData("https://evil.example", false)]
    public void Only_pages_of_allowed_origins_call_with_cookies(string origin, bool allowed) => Assert.Equal(allowed, site.Allows(origin));

    [Theory]
    [InlineData("api.example.com")]
    [InlineData("ftp://api.example.com")]
    [InlineData("https://api.example.com/path")]
    public void What_is_no_origin_is_refused(string setting) =>
        Assert.Throws<FormatException>(() => SiteAddresses.ParseOrigin(setting));

    [Theory]
    [InlineData("http://localhost:7071", true)]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("https://api.example.com", false)]
    [InlineData("http://localhost.example.com", false)]
    public void Only_the_own_machine_is_local(string address, bool local) => Assert.Equal(local, new SiteAddresses(new Uri(address), []).IsLocal);
}
