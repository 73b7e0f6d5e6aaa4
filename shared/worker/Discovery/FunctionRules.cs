using Hexabase.Worker.Durable;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hexabase.Worker.Discovery;

/// <summary>What one function must keep to, whatever the others are.</summary>
internal static class FunctionRules
{
    /// <summary>One sentence for each rule that the function breaks.</summary>
    public static IEnumerable<string> Broken(FunctionDescriptor function) =>
        Shape(function).Concat(function.Trigger switch
        {
            HttpTriggerAttribute => Http(function),
            TimerTriggerAttribute => Envelope(function, typeof(TimerInfo)),
            ServiceBusTriggerAttribute { IsBatched: false } => Envelope(function, typeof(ServiceBusReceivedMessage), typeof(byte[])),
            ServiceBusTriggerAttribute =>
                Envelope(function, typeof(ServiceBusReceivedMessage[]), typeof(IReadOnlyList<ServiceBusReceivedMessage>)),
            OrchestrationTriggerAttribute or ActivityTriggerAttribute => Durable(function),
            _ => [$"{function} has the trigger {function.Trigger.GetType().Name}, which this worker does not know."],
        });

    private static IEnumerable<string> Shape(FunctionDescriptor function)
    {
        if (!IsValidName(function.Name))
            yield return $"{function}: a function's name is a letter followed by at most 126 letters, digits, '-' and '_'.";
        if (!function.Method.IsPublic || function.Method.IsStatic || function.Method.IsGenericMethod)
            yield return $"{function} must be a public instance method without type parameters.";
        if (function.Class.IsAbstract || function.Class.ContainsGenericParameters)
            yield return $"{function} is in a class of which no instance can be made.";
        if (function.Method.ReturnType == typeof(void))
            yield return $"{function} returns void; return Task instead, also when the work is synchronous.";
    }

    private static IEnumerable<string> Http(FunctionDescriptor function)
    {
        if (function.TriggerParameter.ParameterType != typeof(HttpRequest))
            yield return $"{function}: [HttpTrigger] belongs on an HttpRequest parameter.";
        if (RouteError(function.HttpRoute!) is { } error)
            yield return $"{function} has an unusable route: {error}";

        var declared = function.Method.GetCustomAttributes(inherit: true).Concat(function.Class.GetCustomAttributes(inherit: true)).ToArray();
        var open = declared.Any(a => a is IAllowAnonymous);
        var closed = declared.Any(a => a is IAuthorizeData);
        if (!open && !closed)
            yield return $"{function} does not declare who may call it: put [AllowAnonymous], [Authorize] or [Webhook] on the method or class.";
        if (open && closed)
            yield return $"{function} declares both [Authorize] and [AllowAnonymous] or [Webhook]: it would be open to everybody. Keep one.";
    }

    private static IEnumerable<string> Envelope(FunctionDescriptor function, params Type[] inputs)
    {
        if (!inputs.Contains(function.TriggerParameter.ParameterType))
            yield return $"{function}: [{function.Trigger.GetType().Name[..^"Attribute".Length]}] as it stands belongs on a parameter of type " +
                $"{string.Join(" or ", inputs.Select(Readable))}.";
        if (function.Method.ReturnType is var returned && returned != typeof(void) && returned != typeof(Task) && returned != typeof(ValueTask))
            yield return $"{function} returns {returned.Name}, which nobody would receive; return Task or ValueTask.";
        foreach (var other in function.Method.GetParameters())
            if (other != function.TriggerParameter && other.ParameterType != typeof(CancellationToken))
                yield return $"{function}: nothing can fill the parameter {other.Name}; inject services into the constructor.";
    }

    private static IEnumerable<string> Durable(FunctionDescriptor function)
    {
        if (!function.Class.IsAbstract && function.Class.GetConstructors() is not [_])
            yield return $"{function} must have exactly one public constructor.";
    }

    /// <summary>Route <c>""</c> is the host's readiness ping.</summary>
    private static string? RouteError(string route)
    {
        if (route.Length == 0)
            return "the path / is the host's.";
        try
        {
            _ = RoutePatternFactory.Parse(route);
            return null;
        }
        catch (RoutePatternException e)
        {
            return e.Message;
        }
    }

    private static string Readable(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{type.GenericTypeArguments[0].Name}>" : type.Name;

    private static bool IsValidName(string name) =>
        name.Length is >= 1 and <= 127 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
