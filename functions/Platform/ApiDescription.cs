using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hexabase.Functions.Platform;

/// <summary>Says in the OpenAPI document that the function reads its body itself, and as what.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RawBodyAttribute(string contentType) : Attribute
{
    public string ContentType { get; } = contentType;
}

/// <summary>What the OpenAPI document says beyond routes, parameters and bodies: who may call, raw bodies, and how refusals look.</summary>
public static class ApiDescription
{
    private const string Bearer = "Bearer";
    private const string Problem = "Problem";

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi(options => options
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Hexabase Functions", Version = "v1" };
                document.AddComponent(Bearer, Scheme());
                document.AddComponent(Problem, ProblemSchema());
                return Task.CompletedTask;
            })
            .AddOperationTransformer((operation, context, _) =>
            {
                Describe(operation, context.Description.ActionDescriptor.EndpointMetadata, context.Document);
                return Task.CompletedTask;
            }));
        return services.AddSingleton<ApiDocument>();
    }

    private static void Describe(OpenApiOperation operation, IList<object> metadata, OpenApiDocument? document)
    {
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        if (metadata.OfType<RawBodyAttribute>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = Content(body.ContentType, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }),
            };
        }
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal, as problem details (RFC 9457) with a stable code.",
            Content = Content("application/problem+json", new OpenApiSchemaReference(Problem, document)),
        };
    }

    private static Dictionary<string, OpenApiMediaType> Content(string type, IOpenApiSchema schema) =>
        new(StringComparer.Ordinal) { [type] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSecurityScheme Scheme() => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "JWT",
        Description = "An access token of POST /api/auth/refresh, good for 15 minutes.",
    };

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("urn:hexabase:problem: and the code."),
            ["title"] = Text("The status in words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = Text("What was wrong and what to do, for a person."),
            ["code"] = Text("What was wrong, for a program; never changes."),
            ["field"] = Text("The input at fault, when it is a single one."),
            ["correlation_id"] = Text("Names this request in our log."),
        },
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "code", "correlation_id" },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}

/// <summary>The OpenAPI document as text, made once: it is the same as long as the app runs.</summary>
public sealed class ApiDocument([FromKeyedServices("v1")] IOpenApiDocumentProvider documents)
{
    private readonly Lazy<Task<string>> json = new(async () =>
        await (await documents.GetOpenApiDocumentAsync()).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));

    public Task<string> Json => json.Value;
}
