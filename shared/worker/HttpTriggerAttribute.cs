namespace Hexabase.Worker;

/// <summary>
/// The function answers HTTP requests, on an <see cref="Microsoft.AspNetCore.Http.HttpRequest"/> parameter. All other parameters
/// bind as those of an ASP.NET Core minimal API do: route values, <c>[FromBody]</c>, <c>[FromQuery]</c>, services and so on.
/// </summary>
/// <param name="level">The function key that the host asks for.</param>
/// <param name="methods">Methods answered, in any case; none means all.</param>
public sealed class HttpTriggerAttribute(AuthorizationLevel level, params string[] methods) : TriggerBindingAttribute
{
    public AuthorizationLevel AuthLevel { get; } = level;

    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>The whole path without the leading slash, as in <c>api/run/{run_id}</c>: there is no route prefix. Default: the function's name.</summary>
    public string? Route { get; set; }
}
