using System.Text.Json.Nodes;

namespace Hexabase.Tests.Kubernetes;

/// <summary>The API of the simulated cluster says what a real one would: fact sheet kubernetes-rest, §1 and §2.</summary>
public sealed class SimulatorApiTests : IAsyncLifetime
{
    private const string ConfigMaps = "api/v1/namespaces/ws-1/configmaps";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await SimulatorHost.Start();
        await cluster.Post("api/v1/namespaces", Manifests.Namespace("ws-1"));
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task A_wrong_token_is_401()
    {
        var answer = await cluster.Send(HttpMethod.Get, ConfigMaps, token: "another");
        Assert.Equal((401, "Unauthorized"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task What_is_created_gets_uid_version_and_time_from_the_server()
    {
        var body = Manifests.ConfigMap("a");
        body["metadata"]!["uid"] = "mine";
        var created = await cluster.Post(ConfigMaps, body);
        var metadata = created.Body["metadata"]!;
        Assert.Equal(201, created.Code);
        Assert.True(Guid.TryParse((string?)metadata["uid"], out _));
        Assert.Equal("2026-01-15T12:00:00Z", (string?)metadata["creationTimestamp"]);
        Assert.Equal("ws-1", (string?)metadata["namespace"]);
        Assert.NotNull(metadata["resourceVersion"]);
    }

    [Fact]
    public async Task What_is_there_cannot_be_created_again()
    {
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"));
        var answer = await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"));
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists"), (answer.Code, answer.Reason, answer.Message));
    }

    [Theory]
    [InlineData("api/v1/namespaces/ws-1/configmaps/none", "configmaps \"none\" not found")]
    [InlineData("apis/apps/v1/namespaces/ws-1/deployments/none", "deployments.apps \"none\" not found")]
    [InlineData("apis/serving.knative.dev/v1/namespaces/ws-1/services/a", "the server could not find the requested resource")]
    [InlineData("api/v1/nodes/shared-1/binding", "the server could not find the requested resource")]
    public async Task What_is_not_there_is_404(string path, string message)
    {
        var answer = await cluster.Get(path);
        Assert.Equal((404, "NotFound", message), (answer.Code, answer.Reason, answer.Message));
    }

    [Fact]
    public async Task An_object_in_a_namespace_that_is_not_there_is_404()
    {
        var answer = await cluster.Post("api/v1/namespaces/none/configmaps", Manifests.ConfigMap("a"));
        Assert.Equal((404, "namespaces \"none\" not found"), (answer.Code, answer.Message));
    }

    [Fact]
    public async Task A_replacement_of_an_older_version_is_a_conflict()
    {
        var old = (await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"))).Body;
        await cluster.Merge($"{ConfigMaps}/a", new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } });
        var answer = await cluster.Put($"{ConfigMaps}/a", old);
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task A_merge_patch_of_an_older_version_is_a_conflict()
    {
        var old = (await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"))).Body["metadata"]!["resourceVersion"];
        await cluster.Merge($"{ConfigMaps}/a", new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } });
        var metadata = new JsonObject { ["resourceVersion"] = old!.DeepClone() };
        var patch = new JsonObject { ["metadata"] = metadata, ["data"] = new JsonObject() };
        Assert.Equal(409, (await cluster.Merge($"{ConfigMaps}/a", patch)).Code);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_version()
    {
        var first = (await cluster.Post(ConfigMaps, Manifests.ConfigMap("a", """{"k":"v"}"""))).Body;
        var again = await cluster.Merge($"{ConfigMaps}/a", new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } });
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)again.Body["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_merge_patch_sets_and_null_removes()
    {
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("a", """{"k":"v","l":"w"}"""));
        var answer = await cluster.Merge($"{ConfigMaps}/a", Manifests.Parse("""{"data":{"k":null,"m":"x"}}"""));
        Assert.Equal("""{"l":"w","m":"x"}""", answer.Body["data"]!.ToJsonString());
    }

    [Fact]
    public async Task The_generation_counts_changes_of_the_spec_only()
    {
        const string Path = "apis/apps/v1/namespaces/ws-1/deployments/web";
        await cluster.Post("apis/apps/v1/namespaces/ws-1/deployments", Manifests.Deployment("web"));
        await cluster.Merge(Path, Manifests.Parse("""{"metadata":{"labels":{"a":"b"}}}"""));
        Assert.Equal(1, (int)(await cluster.Get(Path)).Body["metadata"]!["generation"]!);
        await cluster.Merge(Path, Manifests.Parse("""{"spec":{"replicas":3}}"""));
        Assert.Equal(2, (int)(await cluster.Get(Path)).Body["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task A_strategic_merge_patch_changes_one_container_of_several()
    {
        const string Path = "apis/apps/v1/namespaces/ws-1/deployments/web";
        var body = Manifests.Deployment("web");
        body["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Add(Manifests.Parse("""{"name":"side","image":"side:1"}"""));
        await cluster.Post("apis/apps/v1/namespaces/ws-1/deployments", body);
        var patch = Manifests.Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:2"}]}}}}""");
        var answer = await cluster.Send(HttpMethod.Patch, Path, patch, "application/strategic-merge-patch+json");
        var images = answer.Body["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(c => (string)c!["image"]!);
        Assert.Equal(["web:1", "side:2"], images);
    }

    [Fact]
    public async Task Lists_select_by_labels()
    {
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("a", labels: """{"tier":"web","env":"prod"}"""));
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("b", labels: """{"tier":"db"}"""));
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("c"));
        async Task<string> Selected(string selector) =>
            string.Join(',', (await cluster.Get($"{ConfigMaps}?labelSelector={Uri.EscapeDataString(selector)}")).Names);
        Assert.Equal("a", await Selected("tier=web"));
        Assert.Equal("b,c", await Selected("tier!=web"));
        Assert.Equal("a,b", await Selected("tier in (web, db)"));
        Assert.Equal("a,c", await Selected("tier notin (db)"));
        Assert.Equal("a", await Selected("tier,env==prod"));
        Assert.Equal("c", await Selected("!tier"));
    }

    [Fact]
    public async Task Lists_select_by_fields()
    {
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"));
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("b"));
        Assert.Equal(["b"], (await cluster.Get($"{ConfigMaps}?fieldSelector=metadata.name%3Db")).Names);
        Assert.Equal(400, (await cluster.Get($"{ConfigMaps}?fieldSelector=data.k%3Dv")).Code);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await cluster.Post(ConfigMaps, Manifests.ConfigMap(name));
        var first = await cluster.Get($"{ConfigMaps}?limit=2");
        var rest = await cluster.Get($"{ConfigMaps}?limit=2&continue={Uri.EscapeDataString((string)first.Body["metadata"]!["continue"]!)}");
        Assert.Equal(["a", "b"], first.Names);
        Assert.Equal(1, (int)first.Body["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c"], rest.Names);
        Assert.Null(rest.Body["metadata"]!["continue"]);
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{}}""", "spec.selector")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{}}""", "metadata.name")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"Web_1"},"spec":{}}""", "metadata.name")]
    [InlineData(
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"x"}},
         "template":{"metadata":{"labels":{"app":"y"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """,
        "spec.template.metadata.labels")]
    [InlineData(
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":-1,"selector":{"matchLabels":{"app":"x"}},
         "template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """,
        "spec.replicas")]
    public async Task What_does_not_fit_its_type_is_422_and_says_where(string manifest, string field)
    {
        var answer = await cluster.Post("apis/apps/v1/namespaces/ws-1/deployments", JsonNode.Parse(manifest)!);
        Assert.Equal((422, "Invalid"), (answer.Code, answer.Reason));
        Assert.Contains(answer.Body["details"]!["causes"]!.AsArray(), cause => (string?)cause!["field"] == field);
    }

    [Fact]
    public async Task A_selector_cannot_be_changed()
    {
        await cluster.Post("apis/apps/v1/namespaces/ws-1/deployments", Manifests.Deployment("web"));
        var patch = Manifests.Parse("""{"spec":{"selector":{"matchLabels":{"new":"x"}},"template":{"metadata":{"labels":{"new":"x"}}}}}""");
        var answer = await cluster.Merge("apis/apps/v1/namespaces/ws-1/deployments/web", patch);
        Assert.Equal(422, answer.Code);
        Assert.Contains("spec.selector: Invalid value: field is immutable", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap"}""")]
    [InlineData("[]")]
    public async Task What_does_not_fit_the_address_is_400(string manifest) =>
        Assert.Equal(400, (await cluster.Post(ConfigMaps, JsonNode.Parse(manifest)!)).Code);

    [Fact]
    public async Task Strict_field_validation_refuses_a_field_that_the_type_does_not_have()
    {
        var body = Manifests.Deployment("web", spec: "\"replica\": 3,");
        Assert.Equal(201, (await cluster.Post("apis/apps/v1/namespaces/ws-1/deployments", body)).Code);
        var answer = await cluster.Apply("apis/apps/v1/namespaces/ws-1/deployments/web", body);
        Assert.Equal((400, "strict decoding error: unknown field \"spec.replica\""), (answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("PATCH", "api/v1/namespaces/ws-1/configmaps/a", "application/json-patch+json", 415)]
    [InlineData("PUT", "api/v1/namespaces/ws-1/configmaps", "application/json", 405)]
    [InlineData("GET", "api/v1/namespaces/ws-1/configmaps?watch=1", "application/json", 400)]
    public async Task What_is_not_simulated_says_so(string method, string path, string mediaType, int code)
    {
        await cluster.Post(ConfigMaps, Manifests.ConfigMap("a"));
        var body = method == "GET" ? null : new JsonObject();
        Assert.Equal(code, (await cluster.Send(new HttpMethod(method), path, body, mediaType)).Code);
    }

    [Fact]
    public async Task An_object_larger_than_a_real_server_takes_is_413()
    {
        var answer = await cluster.Post(ConfigMaps, Manifests.ConfigMap("a", $$"""{"k":"{{new string('x', 1_600_000)}}"}"""));
        Assert.Equal((413, "RequestEntityTooLarge"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task The_texts_of_a_secret_are_encoded()
    {
        var secret = Manifests.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"k":"value"}}""");
        var body = (await cluster.Post("api/v1/namespaces/ws-1/secrets", secret)).Body;
        Assert.Equal("""{"k":"dmFsdWU="}""", body["data"]!.ToJsonString());
        Assert.Null(body["stringData"]);
    }

    [Fact]
    public async Task The_versions_of_a_group_can_be_asked_for() => Assert.Equal(
        "cluster.x-k8s.io/v1beta2", (string?)(await cluster.Get("apis/cluster.x-k8s.io")).Body["preferredVersion"]!["groupVersion"]);

    [Fact]
    public async Task A_killed_host_forgets_nothing_that_it_answered()
    {
        var before = await cluster.Post(ConfigMaps, Manifests.ConfigMap("a", """{"k":"v"}"""));
        await using var next = await cluster.StartAfterCrash();
        Assert.Equal(before.Body.ToJsonString(), (await next.Get($"{ConfigMaps}/a")).Body.ToJsonString());
    }
}
