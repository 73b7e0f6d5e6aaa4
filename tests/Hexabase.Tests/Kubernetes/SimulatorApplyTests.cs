using System.Text.Json.Nodes;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Server-side apply: the body is the whole intent of its manager (fact sheet, §1).</summary>
public sealed class SimulatorApplyTests : IAsyncLifetime
{
    private const string Web = "apis/apps/v1/namespaces/default/deployments/web";
    private const string Map = "api/v1/namespaces/default/configmaps/a";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync() => cluster = await SimulatorHost.Start();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task The_first_apply_creates_and_the_second_changes()
    {
        Assert.Equal(201, (await cluster.Apply(Map, Manifests.ConfigMap("a"))).Code);
        Assert.Equal(200, (await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""))).Code);
    }

    [Fact]
    public async Task Applying_the_same_again_keeps_version_and_generation()
    {
        var first = await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""));
        var again = await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""));
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
    }

    [Fact]
    public async Task A_field_that_is_left_out_now_is_removed()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v","l":"w"}"""));
        Assert.Equal("""{"l":"w"}""", await DataAfterApply("""{"l":"w"}"""));
    }

    [Fact]
    public async Task A_field_of_another_manager_stays()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""));
        await cluster.Merge(Map, Manifests.Parse("""{"data":{"theirs":"x"}}"""));
        Assert.Equal("""{"k":"v","theirs":"x"}""", await DataAfterApply("""{"k":"v"}"""));
    }

    [Fact]
    public async Task A_field_that_both_applied_stays_when_one_leaves_it_out()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""));
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""), manager: "other");
        Assert.Equal("""{"k":"v"}""", await DataAfterApply("{}"));
    }

    [Fact]
    public async Task Another_value_for_a_field_of_another_manager_is_a_conflict()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""), manager: "other");
        var answer = await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"w"}"""));
        var cause = answer.Body["details"]!["causes"]![0]!;
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
        Assert.Equal(
            ("FieldManagerConflict", "conflict with \"other\"", ".data.k"),
            ((string?)cause["reason"], (string?)cause["message"], (string?)cause["field"]));
    }

    [Fact]
    public async Task Force_takes_the_field_over()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""), manager: "other");
        Assert.Equal(200, (await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"w"}"""), force: true)).Code);
        Assert.Equal(409, (await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""), manager: "other")).Code);
    }

    [Fact]
    public async Task Replicas_that_are_left_out_are_those_somebody_else_has_set()
    {
        await cluster.Apply(Web, Manifests.Deployment("web", replicas: null));
        await cluster.Merge($"{Web}/scale", Manifests.Parse("""{"spec":{"replicas":4}}"""));
        await cluster.Apply(Web, Manifests.Deployment("web", replicas: null, image: "web:2"));
        Assert.Equal(4, (int)(await cluster.Get(Web)).Body["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Items_of_a_list_with_keys_merge_and_go_one_by_one()
    {
        await cluster.Apply(Web, Manifests.Deployment("web", env: """[{"name":"A","value":"1"},{"name":"B","value":"2"}]"""));
        var foreign = """{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"C","value":"3"}]}]}}}}""";
        await cluster.Send(HttpMethod.Patch, Web, JsonNode.Parse(foreign), "application/strategic-merge-patch+json");
        var answer = await cluster.Apply(Web, Manifests.Deployment("web", env: """[{"name":"B","value":"2"}]"""));
        var names = answer.Body["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(e => (string)e!["name"]!);
        Assert.Equal(["B", "C"], names);
    }

    [Fact]
    public async Task A_list_without_keys_is_one_value()
    {
        const string Path = "apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/r";
        JsonObject Role(string rules) =>
            Manifests.Parse($$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":{{rules}}}""");
        await cluster.Apply(Path, Role("""[{"verbs":["get"]},{"verbs":["list"]}]"""));
        var answer = await cluster.Apply(Path, Role("""[{"verbs":["watch"]}]"""));
        Assert.Equal("""[{"verbs":["watch"]}]""", answer.Body["rules"]!.ToJsonString());
    }

    [Fact]
    public async Task An_apply_without_a_manager_is_400() => Assert.Equal(
        400, (await cluster.Send(HttpMethod.Patch, Map, Manifests.ConfigMap("a"), "application/apply-patch+yaml")).Code);

    [Fact]
    public async Task Who_owns_what_outlives_a_killed_host()
    {
        await cluster.Apply(Map, Manifests.ConfigMap("a", """{"k":"v"}"""), manager: "other");
        await using var next = await cluster.StartAfterCrash();
        Assert.Equal(409, (await next.Apply(Map, Manifests.ConfigMap("a", """{"k":"w"}"""))).Code);
    }

    private async Task<string> DataAfterApply(string data)
    {
        var answer = await cluster.Apply(Map, Manifests.ConfigMap("a", data));
        Assert.Equal(200, answer.Code);
        return answer.Body["data"]?.ToJsonString() ?? "";
    }
}
