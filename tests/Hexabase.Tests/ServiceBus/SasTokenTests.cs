using Hexabase.Adapters.ServiceBus;
using Hexabase.Local.ServiceBus;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The worked example is that of the protocol sheet (service-bus-rest.md, section 3).</summary>
public sealed class SasTokenTests
{
    private const string Rule = "sender";
    private const string Key = "c2VjcmV0LXNlbmRlci1rZXktMDEyMzQ1Njc4OWFiY2Q=";
    private const string Token = "SharedAccessSignature sr=https%3A%2F%2Fcontoso.servicebus.windows.net%2Fruns"
        + "&sig=3QK9SzVg%2F0HXbeYSrm2R0MLXPaaQ%2Fot%2BKhVHapOhzwc%3D&se=1767229200&skn=sender";

    private static readonly DateTimeOffset Expiry = DateTimeOffset.FromUnixTimeSeconds(1_767_229_200);

    [Fact]
    public void A_token_is_made_as_in_the_worked_example() =>
        Assert.Equal(Token, SasTokens.Create("https://contoso.servicebus.windows.net/runs", Rule, Key, Expiry));

    [Fact]
    public void The_token_of_the_worked_example_is_taken() => Assert.Null(Fault(Token));

    [Theory]
    [InlineData(null, "MissingToken")]
    [InlineData("Bearer x", "InvalidAuthorization")]
    [InlineData("SharedAccessSignature sr=a", "MalformedToken")]
    [InlineData("SharedAccessSignature sr=a&sig=b&se=x&skn=sender", "MalformedToken")]
    [InlineData("SharedAccessSignature sr=a&sig=b&se=1767229200&skn=sender", "InvalidSignature")]
    [InlineData("SharedAccessSignature sr=a& sr=b&sig=b&se=1767229200&skn=sender", "InvalidSignature")]
    public void A_header_that_is_no_token_is_refused(string? header, string fault) => AssertFault(fault, Fault(header));

    [Fact]
    public void A_changed_resource_breaks_the_signature() =>
        AssertFault("InvalidSignature", Fault(Token.Replace("runs", "mail", StringComparison.Ordinal), queue: "mail"));

    [Fact]
    public void A_token_of_another_rule_is_refused() =>
        AssertFault("InvalidSignature", Fault(Token.Replace("skn=sender", "skn=other", StringComparison.Ordinal)));

    [Fact]
    public void A_token_ends_at_its_expiry()
    {
        Assert.Null(Fault(Token, now: Expiry.AddSeconds(-1)));
        AssertFault("ExpiredToken", Fault(Token, now: Expiry));
    }

    [Theory]
    [InlineData("https://contoso.servicebus.windows.net/", true)]
    [InlineData("sb://contoso.servicebus.windows.net/runs/", true)]
    [InlineData("https://contoso.servicebus.windows.net/runs/messages", true)]
    [InlineData("https://contoso.servicebus.windows.net/run", false)]
    [InlineData("https://contoso.servicebus.windows.net/mail", false)]
    [InlineData("https://fabrikam.servicebus.windows.net/runs", false)]
    [InlineData("no address", false)]
    public void A_token_covers_its_resource_and_what_is_below(string resource, bool covers) =>
        Assert.Equal(covers, Fault(SasTokens.Create(resource, Rule, Key, Expiry)) is null);

    [Fact]
    public void A_token_is_kept_until_five_minutes_before_it_expires()
    {
        var clock = new ManualTimeProvider(Expiry);
        var tokens = new SasTokens(Rule, Key, clock);
        var first = tokens.Get("https://contoso/runs");
        clock.Advance(TimeSpan.FromMinutes(54));
        Assert.Same(first, tokens.Get("https://contoso/runs"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(first, tokens.Get("https://contoso/runs"));
    }

    private static void AssertFault(string code, string? fault) => Assert.StartsWith(code + ":", fault, StringComparison.Ordinal);

    private static string? Fault(string? header, string queue = "runs", DateTimeOffset? now = null) =>
        SasToken.Fault(header, Rule, Key, "contoso.servicebus.windows.net", queue, now ?? Expiry.AddMinutes(-30));
}
