using Microsoft.AspNetCore.Authorization;

namespace Hexabase.Worker;

/// <summary>
/// Declares that callers of an HTTP function are machines that sign their requests. The function verifies the signature itself, so
/// ASP.NET Core's authorization lets the request through.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class WebhookAttribute : Attribute, IAllowAnonymous;
