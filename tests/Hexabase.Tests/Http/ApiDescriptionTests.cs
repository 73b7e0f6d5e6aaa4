using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Functions.Http;
using Hexabase.Functions.Platform;
using Hexabase.Tests.Worker;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Http;

/// <summary>What the OpenAPI document tells whoever writes a client.</summary>
public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task It_tells_replies_callers_raw_bodies_and_refusals_of_each_function_and_leaves_out_what_nobody_calls()
    {
        await using var app = await WorkerApp.Start(
            builder =>
            {
                builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
                builder.Services.AddApiDescription();
            },
            app => app.UseProblemsForExceptions(),
            typeof(Look), typeof(Send), typeof(OpenApiTrigger), typeof(PreflightTrigger));
        var text = await app.Http.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative));
        var document = JsonElement.Parse(text);
        var paths = document.GetProperty("paths");
        Assert.Equal(["/look", "/send"], paths.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

        var look = paths.GetProperty("/look").GetProperty("get");
        Assert.Equal("#/components/schemas/Seen", Schema(look.GetProperty("responses").GetProperty("200"), "application/json"));
        Assert.Equal(
            "#/components/schemas/Problem", Schema(look.GetProperty("responses").GetProperty("default"), "application/problem+json"));
        Assert.False(look.TryGetProperty("security", out _));

        var send = paths.GetProperty("/send").GetProperty("post");
        Assert.True(send.GetProperty("requestBody").GetProperty("content").TryGetProperty("text/csv", out _));
        Assert.True(send.GetProperty("responses").TryGetProperty("201", out _));
        Assert.True(Assert.Single(send.GetProperty("security").EnumerateArray()).TryGetProperty("Bearer", out _));
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("Bearer");
        Assert.Equal("bearer", scheme.GetProperty("scheme").GetString());

        Assert.Equal(text, await app.Http.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative)));
    }

    private static string? Schema(JsonElement response, string type) =>
        response.GetProperty("content").GetProperty(type).GetProperty("schema").GetProperty("$ref").GetString();

    internal sealed record Seen(string What);

    internal sealed class Look
    {
        [Function("Look"), AllowAnonymous]
        [ProducesResponseType<Seen>(200)]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "look")] HttpRequest request) =>
            Results.Ok(new Seen("x"));
    }

    internal sealed class Send
    {
        [Function("Send"), Authorize]
        [ProducesResponseType<Seen>(201), RawBody("text/csv")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "send")] HttpRequest request) =>
            Results.Created("/send", new Seen("x"));
    }
}
