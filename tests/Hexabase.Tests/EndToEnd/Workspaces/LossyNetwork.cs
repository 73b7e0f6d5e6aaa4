using System.Text;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>What gets lost between the app and the simulators.</summary>
internal sealed class LossyNetwork(PlatformProcess platform)
{
    private static readonly HttpClient Http = new();

    /// <summary>The next calls of the payment provider fail.</summary>
    /// <param name="call">Method and path; a star at the end stands for any rest.</param>
    public Task FailPayments(string call, string kind, int times) =>
        Tell(HttpMethod.Post, "stripe/faults", new { match = call, kind, times });

    /// <summary>The next calls of the cluster fail, so many of each method and of each way to fail.</summary>
    public Task FailCluster(int times)
    {
        var rules =
            from method in new[] { "GET", "POST", "PATCH" }
            from fault in new[] { (Status: 0, AfterEffect: true), (Status: 0, AfterEffect: false), (Status: 503, AfterEffect: false) }
            select new { status = fault.Status, after_effect = fault.AfterEffect, times, method };
        return Tell(HttpMethod.Put, "kubernetes/faults", new { api = rules });
    }

    /// <summary>Of the payment provider's calls, those that have still to fail.</summary>
    public async Task<IReadOnlyList<string?>> PaymentsStillToFail()
    {
        var faults = JsonElement.Parse(await Http.GetStringAsync(AddressOf("stripe/faults"))).GetProperty("faults");
        return [.. faults.EnumerateArray().Select(fault => fault.GetProperty("match").GetString())];
    }

    private async Task Tell(HttpMethod method, string what, object faults)
    {
        using var request = new HttpRequestMessage(method, AddressOf(what));
        request.Content = new StringContent(JsonSerializer.Serialize(faults), Encoding.UTF8, "application/json");
        using var reply = await Http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private Uri AddressOf(string what) => new(platform.Address, $"/admin/simulators/{what}");
}
