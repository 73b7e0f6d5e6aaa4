using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>How calls go over the wire, and how each answer is taken (sheet sections 1 and 2).</summary>
public sealed class KubernetesApiTests
{
    private const string Pod = """{"metadata":{"name":"p"},"spec":{}}""";

    private static readonly Namespace Wanted = WorkspaceManifests.Namespace(Samples.Setup);

    [Fact]
    public async Task An_apply_is_a_forced_strict_patch_of_this_products_fields()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("{}"));
        await cluster.Api.Apply(Wanted, default);
        var asked = Assert.Single(cluster.Asked);
        Assert.Equal("PATCH api/v1/namespaces/ws-a1?fieldManager=hexabase&force=true&fieldValidation=Strict", asked.ToString());
        Assert.Equal(("application/apply-patch+yaml", "Bearer secret"), (asked.ContentType, asked.Authorization));
        Assert.True(JsonNode.DeepEquals(KubernetesJson.Manifest(Wanted), JsonNode.Parse(asked.Body)));
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        Assert.Null(await cluster.Api.Get<Pod>("ws-a1", "p", default));
    }

    [Fact]
    public async Task Creating_what_is_there_leaves_it_alone()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Refused(409, "AlreadyExists"));
        await cluster.Api.Create(Wanted, default);
        Assert.Equal("POST api/v1/namespaces?fieldManager=hexabase&fieldValidation=Strict", Assert.Single(cluster.Asked).ToString());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(404)]
    public async Task Deleting_asks_for_dependents_first_and_is_fine_with_what_is_gone(int status)
    {
        await using var cluster = await ScriptedCluster.Start(new Said(status));
        await cluster.Api.Delete<CronJob>("ws-a1", "backup", default);
        var asked = Assert.Single(cluster.Asked);
        Assert.Equal("DELETE apis/batch/v1/namespaces/ws-a1/cronjobs/backup", asked.ToString());
        Assert.Equal("Foreground", JsonNode.Parse(asked.Body)!["propagationPolicy"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(400, "BadRequest")]
    [InlineData(403, "Forbidden")]
    [InlineData(409, "Conflict")]
    [InlineData(422, "Invalid")]
    public async Task A_refusal_carries_reason_and_message_and_is_not_tried_again(int code, string reason)
    {
        await using var cluster = await ScriptedCluster.Start(Said.Refused(code, reason, "exceeded quota: workspace"));
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Api.Apply(Wanted, default));
        Assert.Equal((reason, "PATCH api/v1/namespaces/ws-a1: exceeded quota: workspace"), (e.Reason, e.Message));
        Assert.Single(cluster.Asked);
    }

    [Fact]
    public async Task A_refusal_in_plain_text_from_a_proxy_is_told_in_its_words()
    {
        await using var cluster = await ScriptedCluster.Start(new Said(403, "<html>blocked"));
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Api.Apply(Wanted, default));
        Assert.Equal(("Forbidden", "PATCH api/v1/namespaces/ws-a1: <html>blocked"), (e.Reason, e.Message));
    }

    [Fact]
    public async Task An_answer_that_is_not_the_clusters_says_that_it_is_not_available()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("<html>please sign in"));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Api.Get<Pod>("ws-a1", "p", default));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Reading_is_tried_again_when_the_cluster_cannot(int status)
    {
        await using var cluster = await ScriptedCluster.Start(new Said(status), Said.Ok(Pod));
        Assert.NotNull(await cluster.Api.Get<Pod>("ws-a1", "p", default));
        Assert.Equal(2, cluster.Asked.Count);
    }

    [Fact]
    public async Task A_patch_is_tried_once()
    {
        await using var cluster = await ScriptedCluster.Start(new Said(503));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Api.Patch<Deployment>("ws-a1", "web", [], default));
        Assert.Single(cluster.Asked);
    }

    [Fact]
    public async Task Retry_After_is_waited_for_and_then_the_tries_are_over()
    {
        var clock = new ManualTimeProvider();
        await using var cluster = await ScriptedCluster.Start(_ => new Said(429, "busy", RetryAfter: "20"), clock: clock);
        var reading = cluster.Api.Get<Pod>("ws-a1", "p", default);
        for (var tries = 1; tries < KubernetesApi.MostTries; tries++)
        {
            await Eventually.Holds(() => cluster.Asked.Count == tries && clock.PendingTimers == 1, $"waits after try {tries}");
            clock.Advance(TimeSpan.FromSeconds(19));
            Assert.Equal(1, clock.PendingTimers);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => reading);
        Assert.Equal(KubernetesApi.MostTries, cluster.Asked.Count);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_left_to_who_called()
    {
        await using var cluster = await ScriptedCluster.Start(new Said(503, RetryAfter: "3600"));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Api.Get<Pod>("ws-a1", "p", default));
        Assert.Single(cluster.Asked);
    }

    [Fact]
    public async Task A_cluster_that_is_gone_is_not_available()
    {
        var cluster = await ScriptedCluster.Start(Said.Ok(Pod));
        await cluster.Stop();
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Api.Get<Pod>("ws-a1", "p", default));
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_401_reads_the_token_again_once()
    {
        var reads = 0;
        var tokens = new BearerTokens(
            _ => Task.FromResult(new BearerToken($"token-{++reads}", DateTimeOffset.MaxValue)), TimeProvider.System);
        await using var cluster = await ScriptedCluster.Start(
            asked => asked.Authorization == "Bearer token-2" ? Said.Ok(Pod) : Said.Refused(401, "Unauthorized"), tokens);
        Assert.NotNull(await cluster.Api.Get<Pod>("ws-a1", "p", default));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], cluster.Asked.Select(asked => asked.Authorization));
    }

    [Fact]
    public async Task A_second_401_is_a_refusal()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Refused(401, "Unauthorized"));
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Api.Get<Pod>("ws-a1", "p", default));
        Assert.Equal("Unauthorized", e.Reason);
        Assert.Equal(2, cluster.Asked.Count);
    }

    [Fact]
    public async Task A_change_that_was_overtaken_is_decided_anew()
    {
        var version = 0;
        await using var cluster = await ScriptedCluster.Start(asked => asked.Method switch
        {
            "GET" => Said.Ok($$$"""{"metadata":{"name":"n1","resourceVersion":"{{{++version}}}"}}"""),
            _ when version < 3 => Said.Refused(409, "Conflict"),
            _ => Said.Ok("{}"),
        });
        await cluster.Api.Change<Node>(null, "n1", _ => new JsonObject { ["spec"] = new JsonObject() }, default);
        var patches = cluster.Asked.Where(asked => asked.Method == "PATCH").ToList();
        Assert.All(patches, patch => Assert.Equal("application/merge-patch+json", patch.ContentType));
        Assert.Equal(
            [.. new[] { "1", "2", "3" }.Select(v => $$$"""{"spec":{},"metadata":{"resourceVersion":"{{{v}}}"}}""")],
            [.. patches.Select(patch => patch.Body)]);
    }

    [Fact]
    public async Task A_change_that_is_overtaken_all_the_time_gives_up()
    {
        await using var cluster = await ScriptedCluster.Start(asked =>
            asked.Method == "GET" ? Said.Ok("""{"metadata":{"name":"n1"}}""") : Said.Refused(409, "Conflict"));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Api.Change<Node>(null, "n1", _ => [], default));
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_is_to_change()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("""{"metadata":{"name":"n1"}}"""));
        await cluster.Api.Change<Node>(null, "n1", _ => null, default);
        Assert.Single(cluster.Asked);
    }

    [Fact]
    public async Task A_change_of_what_is_not_there_is_refused()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Api.Change<Node>(null, "n1", _ => [], default));
        Assert.Equal("NotFound", e.Reason);
    }

    [Fact]
    public async Task Lists_follow_their_pages()
    {
        await using var cluster = await ScriptedCluster.Start(asked => asked.Path.Contains("continue=a%2Fb", StringComparison.Ordinal)
            ? Said.Ok("""{"metadata":{},"items":[{"metadata":{"name":"p2"},"spec":{}}]}""")
            : Said.Ok("""{"metadata":{"continue":"a/b"},"items":[{"metadata":{"name":"p1"},"spec":{}}]}"""));
        var pods = await cluster.Api.List<Pod>("ws-a1", new ListQuery("app=web"), most: 600, default);
        Assert.Equal(["p1", "p2"], pods.Select(pod => pod.Metadata.Name));
        Assert.Equal(
            [
                "GET api/v1/namespaces/ws-a1/pods?limit=500&labelSelector=app%3Dweb",
                "GET api/v1/namespaces/ws-a1/pods?limit=500&labelSelector=app%3Dweb&continue=a%2Fb",
            ],
            cluster.Asked.Select(asked => asked.ToString()));
    }

    [Fact]
    public async Task A_list_ends_when_it_has_what_was_asked_for()
    {
        await using var cluster = await ScriptedCluster.Start(
            Said.Ok("""{"metadata":{"continue":"more"},"items":[{"metadata":{"name":"p1"},"spec":{}}]}"""));
        Assert.Single(await cluster.Api.List<Pod>("ws-a1", ListQuery.All, most: 1, default));
        Assert.Equal("GET api/v1/namespaces/ws-a1/pods?limit=1", Assert.Single(cluster.Asked).ToString());
    }

    [Fact]
    public async Task A_list_whose_pages_are_forgotten_is_read_anew()
    {
        await using var cluster = await ScriptedCluster.Start(
            Said.Ok("""{"metadata":{"continue":"old"},"items":[{"metadata":{"name":"p1"},"spec":{}}]}"""),
            Said.Refused(410, "Expired"),
            Said.Ok("""{"metadata":{},"items":[{"metadata":{"name":"p1"},"spec":{}},{"metadata":{"name":"p2"},"spec":{}}]}"""));
        Assert.Equal(2, (await cluster.Api.List<Pod>("ws-a1", ListQuery.All, most: 600, default)).Count);
    }
}
