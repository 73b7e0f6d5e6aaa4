using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>What all functions of workspaces have in common as HTTP: who may call them, and how they refuse.</summary>
[Collection(PlatformCollection.Name)]
public sealed class WorkspaceHttpTests(PlatformFixture fixture) : IAsyncLifetime
{
    private static readonly object Order = new { size = "small", region = "tokyo", terms_accepted = true };

    private Tenant tenant = null!;

    public async Task InitializeAsync() => tenant = await Tenant.New(fixture.Platform);

    public Task DisposeAsync()
    {
        tenant.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("GET", "/api/workspace/plan")]
    [InlineData("GET", "/api/workspace/log")]
    [InlineData("GET", "/api/notices")]
    [InlineData("POST", "/api/workspace/upgrade")]
    [InlineData("GET", "/api/workspace/upgrade/x")]
    [InlineData("POST", "/api/workspace/upgrade/x/payment")]
    [InlineData("POST", "/api/workspace/upgrade/x/payment/confirmed")]
    [InlineData("POST", "/api/workspace/upgrade/x/cancel")]
    [InlineData("POST", "/api/workspace/downgrade")]
    [InlineData("DELETE", "/api/workspace/downgrade")]
    [InlineData("GET", "/api/workspace/downgrade/x")]
    [InlineData("GET", "/api/workspace/nodes")]
    [InlineData("GET", "/api/workspace/nodes/estimate")]
    [InlineData("POST", "/api/workspace/nodes")]
    [InlineData("GET", "/api/workspace/nodes/orders/x")]
    [InlineData("GET", "/api/admin/tickets")]
    [InlineData("POST", "/api/admin/upgrades/x/resolve")]
    public async Task Nobody_may_call_without_a_token(string method, string path)
    {
        using var anyone = fixture.NewVisitor();
        using var reply = await Send(anyone, method, path);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/admin/tickets")]
    [InlineData("POST", "/api/admin/upgrades/x/resolve")]
    public async Task Only_operators_may_act_for_support(string method, string path)
    {
        using var reply = await Send(tenant.Visitor, method, path);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/payment")]
    [InlineData("POST", "/payment/confirmed")]
    [InlineData("POST", "/cancel")]
    public async Task The_upgrade_of_another_is_not_there(string method, string what)
    {
        var upgrade = await Waiting();
        using var other = await fixture.SignedIn("other");
        using var reply = await Send(other, method, upgrade + what);
        Assert.Equal((HttpStatusCode.NotFound, "UPGRADE_NOT_FOUND"), (reply.StatusCode, Text(await Json(reply), "code")));
        Assert.Equal("waiting_for_payment", Text(await tenant.Visitor.Get(upgrade), "status"));
    }

    [Theory]
    [InlineData("/api/workspace/downgrade/")]
    [InlineData("/api/workspace/nodes/orders/")]
    [InlineData("/api/workspace/upgrade/")]
    public async Task A_change_of_another_kind_or_a_made_up_id_is_not_there(string address)
    {
        var id = (await Waiting()).Split('/')[^1];
        var kinds = address.EndsWith("upgrade/", StringComparison.Ordinal) ? new[] { "x", id[..^1] } : ["x", id];
        foreach (var wrong in kinds)
        {
            using var reply = await tenant.Visitor.GetReply(address + wrong);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }
    }

    [Theory]
    [InlineData("upgrade", """{"payment_method":"pm_card_visa","terms_accepted":false}""", "terms_accepted")]
    [InlineData("upgrade", """{"payment_method":"pm_card_visa"}""", "terms_accepted")]
    [InlineData("upgrade", """{"terms_accepted":true}""", "payment_method")]
    [InlineData("upgrade", """{"payment_method":"4242424242424242","terms_accepted":true}""", "payment_method")]
    [InlineData("upgrade", """{"payment_method":"pm_card_visa","terms_accepted":true,"region":"atlantis"}""", "region")]
    [InlineData("upgrade", """{"payment_method":7,"terms_accepted":true}""", "payment_method")]
    [InlineData("nodes", """{"size":"small","region":"tokyo"}""", "terms_accepted")]
    [InlineData("nodes", """{"size":"vast","region":"tokyo","terms_accepted":true}""", "size")]
    [InlineData("nodes", """{"size":"small","region":"atlantis","terms_accepted":true}""", "region")]
    public async Task What_cannot_be_used_is_refused_with_its_field(string what, string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await tenant.Visitor.Post($"/api/workspace/{what}", content, "k");
        Assert.Equal(("application/problem+json", field), (reply.Content.Headers.ContentType?.MediaType, Text(await Json(reply), "field")));
        Assert.True(reply.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{reply.StatusCode}");
        Assert.Equal(("hobby", true), await tenant.Plan());
    }

    [Theory]
    [InlineData("estimate?size=vast&region=tokyo", "size")]
    [InlineData("estimate?size=small&region=atlantis", "region")]
    public async Task An_estimate_of_what_there_is_not_is_refused_with_its_field(string query, string field)
    {
        using var reply = await tenant.Visitor.GetReply($"/api/workspace/nodes/{query}");
        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.StatusCode, Text(await Json(reply), "field")));
    }

    [Theory]
    [InlineData("upgrade")]
    [InlineData("downgrade")]
    [InlineData("nodes")]
    public async Task What_costs_or_ends_something_needs_an_idempotency_key(string what)
    {
        object body = what == "upgrade" ? new { payment_method = "pm_card_visa", terms_accepted = true } : Order;
        var refused = await tenant.Visitor.PostFor($"/api/workspace/{what}", body, HttpStatusCode.BadRequest);
        Assert.Equal("Idempotency-Key", Text(refused, "field"));
    }

    [Fact]
    public async Task A_body_beyond_all_measure_is_refused()
    {
        var body = new { payment_method = new string('x', 100_000), terms_accepted = true };
        await tenant.Visitor.PostFor("/api/workspace/upgrade", body, HttpStatusCode.RequestEntityTooLarge, "k");
    }

    [Fact]
    public async Task A_second_upgrade_is_refused_with_the_one_that_runs()
    {
        var upgrade = await Waiting();
        var refused = await Ask("pm_card_visa", "second", HttpStatusCode.Conflict);
        Assert.Equal("CHANGE_UNDER_WAY", Text(refused, "code"));
        Assert.EndsWith("/" + Text(refused, "running"), upgrade, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_upgrade_and_another_body_is_refused()
    {
        var first = await Ask("pm_card_chargeDeclined", "k", HttpStatusCode.Accepted);
        var again = await Ask("pm_card_chargeDeclined", "k", HttpStatusCode.Accepted);
        Assert.Equal(Text(first, "upgrade_id"), Text(again, "upgrade_id"));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Text(await Ask("pm_card_visa", "k", HttpStatusCode.UnprocessableEntity), "code"));
    }

    [Fact]
    public async Task The_same_key_at_once_begins_one_upgrade()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Ask("pm_card_chargeDeclined", "k", HttpStatusCode.Accepted)));
        Assert.Single(asked.Select(answer => Text(answer, "upgrade_id")).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_version_that_is_known_is_not_sent_again()
    {
        var upgrade = await Waiting();
        using var first = await tenant.Visitor.GetReply(upgrade);
        using var again = await tenant.Visitor.GetReply(upgrade, first.Headers.ETag!.ToString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Waiting_for_a_change_ends_with_the_change()
    {
        var upgrade = await Waiting();
        using var known = await tenant.Visitor.GetReply(upgrade);
        var next = tenant.Visitor.GetReply($"{upgrade}?wait=60", known.Headers.ETag!.ToString());
        await tenant.Visitor.PostFor($"{upgrade}/cancel", new { }, HttpStatusCode.Accepted);

        using var reply = await next.WaitAsync(TimeSpan.FromSeconds(30)); // half of what was asked for
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task What_was_answered_already_cannot_be_answered_again()
    {
        var upgrade = await Waiting();
        await tenant.Visitor.PostFor($"{upgrade}/cancel", new { }, HttpStatusCode.Accepted);
        await tenant.Reaches(upgrade, "cancelled");
        var refused = await tenant.Visitor.PostFor($"{upgrade}/payment", new { payment_method = "pm_card_visa" }, HttpStatusCode.Conflict);
        Assert.Equal("NOT_WAITING_FOR_PAYMENT", Text(refused, "code"));
    }

    [Fact]
    public async Task The_OpenAPI_document_names_all_functions()
    {
        var paths = (await tenant.Visitor.Get("/api/openapi.json")).GetProperty("paths").EnumerateObject()
            .Select(path => path.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "/api/workspace/plan", "/api/workspace/log", "/api/notices", "/api/workspace/upgrade",
                "/api/workspace/upgrade/{upgrade_id}", "/api/workspace/upgrade/{upgrade_id}/payment",
                "/api/workspace/upgrade/{upgrade_id}/payment/confirmed", "/api/workspace/upgrade/{upgrade_id}/cancel",
                "/api/workspace/downgrade", "/api/workspace/downgrade/{downgrade_id}", "/api/workspace/nodes",
                "/api/workspace/nodes/estimate", "/api/workspace/nodes/orders/{order_id}", "/api/admin/tickets",
                "/api/admin/upgrades/{upgrade_id}/resolve",
            },
            paths);
    }

    /// <summary>An upgrade that waits for another card; its address.</summary>
    private async Task<string> Waiting()
    {
        var upgrade = await tenant.Upgrade("pm_card_chargeDeclined");
        await tenant.Reaches(upgrade, "waiting_for_payment");
        return upgrade;
    }

    private Task<JsonElement> Ask(string card, string key, HttpStatusCode expected) =>
        tenant.Visitor.PostFor("/api/workspace/upgrade", new { payment_method = card, terms_accepted = true }, expected, key);

    private static Task<HttpResponseMessage> Send(Visitor visitor, string method, string path) => method switch
    {
        "GET" => visitor.GetReply(path),
        "DELETE" => visitor.Delete(path),
        _ => visitor.Post(path, new { payment_method = "pm_card_visa", action = "retry" }, "k"),
    };

    private static async Task<JsonElement> Json(HttpResponseMessage reply) => JsonElement.Parse(await reply.Content.ReadAsStringAsync());

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
