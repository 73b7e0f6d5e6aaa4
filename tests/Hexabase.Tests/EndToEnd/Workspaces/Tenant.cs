using System.Net;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>A person with a workspace.</summary>
internal sealed record Tenant(Visitor Visitor, string Namespace) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string AccountId => Visitor.AccountId;

    /// <summary>Signs up.</summary>
    public static async Task<Tenant> New(PlatformProcess platform)
    {
        var visitor = new Visitor(platform);
        await visitor.SignIn($"tenant-{Guid.NewGuid():N}@example.com");
        var workspace = (await visitor.Get("/api/me")).GetProperty("workspace");
        return new Tenant(visitor, "ws-" + workspace.GetProperty("id").GetString()![2..]);
    }

    /// <summary>Signs up and upgrades.</summary>
    public static async Task<Tenant> OnPro(PlatformProcess platform)
    {
        var tenant = await New(platform);
        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");
        return tenant;
    }

    /// <summary>Asks for plan pro; the answer is the address of the upgrade.</summary>
    public async Task<string> Upgrade(string card) =>
        Address("upgrade", await Asked("upgrade", new { payment_method = card, terms_accepted = true }), "upgrade_id");

    /// <summary>Asks for the downgrade; the answer is its address.</summary>
    public async Task<string> Downgrade() => Address("downgrade", await Asked("downgrade", new { }), "downgrade_id");

    /// <summary>Orders one more node; the answer is the order's address.</summary>
    public async Task<string> OrderNode(string size, string region) =>
        Address("nodes/orders", await Asked("nodes", new { size, region, terms_accepted = true }), "order_id");

    /// <summary>Answers an upgrade that waits for payment.</summary>
    public Task<JsonElement> Pay(string upgrade, string card) =>
        Visitor.PostFor($"{upgrade}/payment", new { payment_method = card }, HttpStatusCode.Accepted);

    /// <summary>Says that the payment was authenticated.</summary>
    public Task<JsonElement> Confirm(string upgrade) =>
        Visitor.PostFor($"{upgrade}/payment/confirmed", new { }, HttpStatusCode.Accepted);

    /// <summary>A change of the workspace once it has come so far. It must not have ended otherwise.</summary>
    public Task<JsonElement> Reaches(string change, string status) => Eventually.Holds(
        () => Visitor.Get($"{change}?wait=1"),
        seen => seen.GetProperty("status").GetString() == status || (seen.TryGetProperty("finished_at", out _)
            ? throw new Xunit.Sdk.XunitException($"It has ended otherwise than {status}: {seen}")
            : false),
        $"{change} is {status}",
        Patience);

    /// <summary>What an upgrade waits for, once it waits for this.</summary>
    public async Task<JsonElement> WaitsFor(string upgrade, string kind)
    {
        var waiting = await Eventually.Holds(
            () => Visitor.Get($"{upgrade}?wait=1"),
            seen => seen.TryGetProperty("waiting_for", out var what) && what.GetProperty("kind").GetString() == kind,
            $"{upgrade} waits for {kind}",
            Patience);
        return waiting.GetProperty("waiting_for");
    }

    public Task<JsonElement> PlanPage() => Visitor.Get("/api/workspace/plan");

    /// <summary>Plan, and whether nothing is under way.</summary>
    public async Task<(string? Plan, bool IsFree)> Plan()
    {
        var page = await PlanPage();
        return (page.GetProperty("plan").GetString(), !page.TryGetProperty("running_change", out _));
    }

    /// <summary>The kinds of what the owner was told, oldest first.</summary>
    public async Task<IReadOnlyList<string?>> Told()
    {
        var notices = (await Visitor.Get("/api/notices")).GetProperty("items").EnumerateArray();
        return [.. notices.Reverse().Select(notice => notice.GetProperty("kind").GetString())];
    }

    /// <summary>The audit trail of the latest change, its first line first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Log()
    {
        var lines = (await Visitor.Get("/api/workspace/log?limit=100")).GetProperty("items").EnumerateArray().ToList();
        var latest = lines[0].GetProperty("change_id").GetString();
        return [.. lines.Where(line => line.GetProperty("change_id").GetString() == latest).Reverse()];
    }

    public void Dispose() => Visitor.Dispose();

    private Task<JsonElement> Asked(string what, object body) =>
        Visitor.PostFor($"/api/workspace/{what}", body, HttpStatusCode.Accepted, Guid.NewGuid().ToString());

    private static string Address(string what, JsonElement accepted, string id) =>
        $"/api/workspace/{what}/{accepted.GetProperty(id).GetString()}";
}
