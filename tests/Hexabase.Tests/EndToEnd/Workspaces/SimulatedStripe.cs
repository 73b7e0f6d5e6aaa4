using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>The simulated payment provider, from behind its counter.</summary>
internal sealed class SimulatedStripe(PlatformProcess platform)
{
    private static readonly HttpClient Http = new();

    /// <summary>What an account was charged and given back; its <c>subscriptions</c> are those that have not ended.</summary>
    public async Task<JsonElement> Totals(string accountId) =>
        Assert.Single((await Get($"customers?account={accountId}")).GetProperty("customers").EnumerateArray());

    /// <summary>All that is on record of an account.</summary>
    public async Task<JsonElement> Customer(string accountId) =>
        await Get($"customers/{(await Totals(accountId)).GetProperty("id").GetString()}");

    /// <summary>Succeeded charges, yen charged, yen given back, subscriptions that have not ended.</summary>
    public async Task<Balance> Balance(string accountId)
    {
        var totals = await Totals(accountId);
        return new Balance(
            totals.GetProperty("charges").GetInt32(),
            totals.GetProperty("charged_jpy").GetInt64(),
            totals.GetProperty("refunded_jpy").GetInt64(),
            totals.GetProperty("subscriptions").GetInt32());
    }

    /// <summary>What the owner does on the bank's page.</summary>
    public Task Authenticate(string clientSecret, bool succeeds) =>
        Post("authenticate", new { client_secret = clientSecret, outcome = succeeds ? "succeed" : "fail" });

    public Task AdvanceClock(TimeSpan by) => Post("clock", new { advance_seconds = (long)by.TotalSeconds });

    private async Task<JsonElement> Get(string what) => await Http.GetFromJsonAsync<JsonElement>(AddressOf(what));

    private async Task Post(string what, object body)
    {
        using var reply = await Http.PostAsJsonAsync(AddressOf(what), body);
        Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent, await reply.Content.ReadAsStringAsync());
    }

    private Uri AddressOf(string what) => new(platform.Address, $"/admin/simulators/stripe/{what}");
}

/// <param name="Charges">Those that succeeded.</param>
/// <param name="Subscriptions">Those that have not ended.</param>
internal sealed record Balance(int Charges, long ChargedJpy, long RefundedJpy, int Subscriptions)
{
    public static Balance Nothing { get; } = new(0, 0, 0, 0);

    /// <summary>The first month of plan pro.</summary>
    public static Balance OnePro { get; } = new(1, 4_980, 0, 1);

    public static Balance OneProGivenBack { get; } = new(1, 4_980, 4_980, 0);
}
