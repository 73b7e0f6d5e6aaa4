using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Jobs;

namespace Hexabase.Tests.Jobs;

public sealed class JobSlotsTests
{
    [Fact]
    public void Free_holds_at_most_a_tenth_of_the_slots() =>
        Assert.True(JobSlots.Default.Free * 10 <= JobSlots.Default.Total);

    [Fact]
    public void An_account_is_always_served_by_the_same_slot_of_its_lane() => Prop.ForAll<byte>(seed =>
    {
        var account = Ids.Derived($"{seed}");
        var slot = JobSlots.Default.SessionFor(Lane.Paid, account);
        return slot == JobSlots.Default.SessionFor(Lane.Paid, account) && int.Parse(slot["paid/".Length..], CultureInfo.InvariantCulture) < JobSlots.Default.Paid;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Accounts_spread_over_all_slots_of_a_lane() =>
        Assert.Equal(
            JobSlots.Default.Paid,
            Enumerable.Range(0, 500).Select(i => JobSlots.Default.SessionFor(Lane.Paid, Ids.Derived($"{i}"))).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void The_host_serves_all_slots_at_once()
    {
        var host = System.Text.Json.JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var sessions = host.GetProperty("extensions").GetProperty("serviceBus").GetProperty("maxConcurrentSessions").GetInt32();
        Assert.True(sessions >= JobSlots.Default.Total, "A busy session would wait for a receiver.");
    }
}
