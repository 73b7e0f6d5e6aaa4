using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>What is so after an upgrade, told by those who have it on record: the simulators, the owner's pages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class UpgradePostconditionTests(CompletedUpgrade upgrade) : IClassFixture<CompletedUpgrade>
{
    [Fact]
    public void The_upgrade_is_completed_with_all_its_steps()
    {
        Assert.Equal(("completed", 100), (Text(upgrade.Last, "status"), upgrade.Last.GetProperty("percent").GetInt32()));
        Assert.Equal(
            ["payment_method", "payment", "plan", "node", "migration", "features", "notice"],
            upgrade.Last.GetProperty("steps").EnumerateArray().Select(step => Text(step, "name")));
        Assert.All(upgrade.Last.GetProperty("steps").EnumerateArray(), step => Assert.Equal("done", Text(step, "state")));
    }

    [Fact]
    public void The_steps_followed_one_another()
    {
        var times = upgrade.Last.GetProperty("steps").EnumerateArray()
            .SelectMany(step => new[] { step.GetProperty("started_at"), step.GetProperty("finished_at") })
            .Select(time => time.GetDateTimeOffset()).ToArray();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void The_percent_never_fell()
    {
        var percents = upgrade.Seen.Select(seen => seen.GetProperty("percent").GetInt32()).ToArray();
        Assert.Equal(percents.Order(), percents);
    }

    [Fact]
    public void The_plan_is_pro_and_nothing_is_under_way()
    {
        Assert.Equal("pro", Text(upgrade.PlanPage, "plan"));
        Assert.False(upgrade.PlanPage.TryGetProperty("running_change", out _));
    }

    [Fact]
    public void There_is_one_active_subscription_to_the_plans_price()
    {
        var subscription = Assert.Single(upgrade.Customer.GetProperty("subscriptions").EnumerateArray());
        var item = Assert.Single(subscription.GetProperty("items").GetProperty("data").EnumerateArray());
        Assert.Equal(
            ("active", "workspace_pro_m_jpy"), (Text(subscription, "status"), Text(item.GetProperty("price"), "lookup_key")));
    }

    [Fact]
    public void There_is_one_paid_invoice_of_4980_yen()
    {
        var invoice = Assert.Single(upgrade.Customer.GetProperty("invoices").EnumerateArray());
        Assert.Equal(("paid", 4_980), (Text(invoice, "status"), invoice.GetProperty("amount_paid").GetInt64()));
        Assert.Equal(Text(invoice, "id"), Text(upgrade.Last.GetProperty("payment"), "invoice_id"));
    }

    [Fact]
    public void There_is_one_charge()
    {
        var charge = Assert.Single(upgrade.Customer.GetProperty("charges").EnumerateArray());
        Assert.Equal(("succeeded", 4_980), (Text(charge, "status"), charge.GetProperty("amount").GetInt64()));
        Assert.Empty(upgrade.Customer.GetProperty("refunds").EnumerateArray());
    }

    [Fact]
    public void The_dedicated_node_is_ready()
    {
        var ready = upgrade.Node.GetProperty("status").GetProperty("conditions").EnumerateArray()
            .Single(condition => Text(condition, "type") == "Ready");
        Assert.Equal("True", Text(ready, "status"));
    }

    [Fact]
    public void The_dedicated_node_is_labelled_for_the_workspace() => Assert.Equal(
        upgrade.Namespace, Text(upgrade.Node.GetProperty("metadata").GetProperty("labels"), "hexabase.io/workspace"));

    [Fact]
    public void The_dedicated_node_keeps_others_off_by_its_taint()
    {
        var taint = Assert.Single(upgrade.Node.GetProperty("spec").GetProperty("taints").EnumerateArray());
        Assert.Equal(("dedicated", upgrade.Namespace, "NoSchedule"), (Text(taint, "key"), Text(taint, "value"), Text(taint, "effect")));
    }

    [Fact]
    public void The_workspace_has_one_node_the_included_one()
    {
        var node = Assert.Single(upgrade.PlanPage.GetProperty("nodes").EnumerateArray());
        Assert.Equal(("small", "tokyo", true), (Text(node, "size"), Text(node, "region"), node.GetProperty("included").GetBoolean()));
        Assert.False(node.TryGetProperty("monthly", out _), "The included node costs nothing beside the plan.");
    }

    [Fact]
    public void All_copies_of_all_apps_are_ready_on_the_node()
    {
        var pods = upgrade.Cluster.GetProperty("deployments").EnumerateArray()
            .Select(app => (
                App: Text(app, "name"),
                Pods: app.GetProperty("pods").EnumerateArray().Where(pod => Text(pod, "state") != "Ending").ToArray()))
            .ToDictionary(app => app.App, app => app.Pods, StringComparer.Ordinal);
        Assert.Equal(CompletedUpgrade.Apps, pods.ToDictionary(app => app.Key, app => app.Value.Length, StringComparer.Ordinal));
        var node = Text(upgrade.Last.GetProperty("node"), "node_name");
        Assert.All(pods.Values.SelectMany(all => all), pod => Assert.Equal((node, "Ready"), (Text(pod, "node"), Text(pod, "state"))));
    }

    [Fact]
    public void All_apps_answer() => Assert.All(upgrade.Visits, status => Assert.Equal(HttpStatusCode.OK, status));

    [Fact]
    public void No_app_ever_had_fewer_ready_copies() => Assert.Equal(CompletedUpgrade.Apps, upgrade.FewestReady);

    [Fact]
    public void The_workspace_may_use_100_GB_of_SSD_and_no_other_disks()
    {
        var hard = upgrade.Quota.GetProperty("spec").GetProperty("hard");
        Assert.Equal(
            ("100Gi", "100Gi", "0"),
            (Text(hard, "requests.storage"),
                Text(hard, "ssd.storageclass.storage.k8s.io/requests.storage"),
                Text(hard, "standard.storageclass.storage.k8s.io/requests.storage")));
    }

    [Theory]
    [InlineData("functions")]
    [InlineData("cron_jobs")]
    public void There_is_no_limit_of(string resource)
    {
        var use = upgrade.PlanPage.GetProperty("usage").EnumerateArray().Single(use => Text(use, "resource") == resource);
        Assert.False(use.TryGetProperty("limit", out _));
    }

    [Theory]
    [InlineData("parallel_builds", "4")]
    [InlineData("advanced_pipelines", "true")]
    [InlineData("storage_gb", "100")]
    [InlineData("storage_class", "\"ssd\"")]
    [InlineData("aiops", "\"full\"")]
    [InlineData("backup_days", "7")]
    [InlineData("support", "\"email24h\"")]
    [InlineData("sla_percent", "99.9")]
    public void What_is_switched_on_is_pros(string feature, string value) =>
        Assert.Equal(value, upgrade.PlanPage.GetProperty("features").GetProperty(feature).GetRawText());

    [Fact]
    public void A_backup_is_made_every_day_and_kept_for_7()
    {
        var spec = upgrade.Backup.GetProperty("spec");
        Assert.Matches(@"^\d+ \d+ \* \* \*$", Text(spec, "schedule"));
        var container = Assert.Single(spec.GetProperty("jobTemplate").GetProperty("spec").GetProperty("template")
            .GetProperty("spec").GetProperty("containers").EnumerateArray());
        var days = container.GetProperty("env").EnumerateArray().Single(variable => Text(variable, "name") == "KEEP_DAYS");
        Assert.Equal("7", Text(days, "value"));
    }

    [Fact]
    public void The_owner_is_told_once() => Assert.Equal(["upgrade_completed"], upgrade.Told);

    [Fact]
    public void Every_transition_is_in_the_audit_trail_once_and_in_order()
    {
        Assert.Equal(Enumerable.Range(0, upgrade.Log.Count), upgrade.Log.Select(line => line.GetProperty("number").GetInt32()));
        Assert.Equal(
            [
                "asked", "customer_known", "method_accepted", "payment_begun", "payment_taken", "plan_changed", "node_asked", "node_ready",
                "workloads_listed", "move_begun", "workload_moved", "move_begun", "workload_moved", "workloads_listed", "features_enabled",
                "announced",
            ],
            upgrade.Log.Select(line => Text(line, "event")));
    }

    [Fact]
    public void Every_line_of_the_audit_trail_names_the_upgrade_and_the_request_it_came_from() => Assert.All(
        upgrade.Log,
        line => Assert.Equal(
            (upgrade.UpgradeId, $"upgrade-of-{upgrade.Namespace}"), (Text(line, "change_id"), Text(line, "correlation_id"))));

    [Fact]
    public void The_owner_asked_and_the_saga_did_the_rest()
    {
        Assert.Equal(upgrade.AccountId, Text(upgrade.Log[0], "by"));
        Assert.All(upgrade.Log.Skip(1), line => Assert.False(line.TryGetProperty("by", out _)));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
