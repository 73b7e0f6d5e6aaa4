using System.Reflection;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Worker;

/// <summary>Makes the instance that one invocation runs on, from the services of its request.</summary>
internal static class FunctionInstances
{
    /// <summary>A compiled factory. An instance that can be disposed of is, at the end of the request.</summary>
    /// <exception cref="InvalidOperationException">The class needs a service that is not registered.</exception>
    public static Func<HttpContext, object> FactoryFor(FunctionDescriptor function, IServiceProvider services)
    {
        if (FirstMissing(function.Class, services.GetRequiredService<IServiceProviderIsService>()) is { } missing)
            throw new InvalidOperationException($"{function} needs {missing}, which is not registered.");
        var create = ActivatorUtilities.CreateFactory(function.Class, Type.EmptyTypes);
        if (typeof(IAsyncDisposable).IsAssignableFrom(function.Class))
            return context => Owned(context, (IAsyncDisposable)create(context.RequestServices, null));
        if (typeof(IDisposable).IsAssignableFrom(function.Class))
            return context => Owned(context, (IDisposable)create(context.RequestServices, null));
        return context => create(context.RequestServices, null);
    }

    private static Type? FirstMissing(Type function, IServiceProviderIsService registered) =>
        function.GetConstructors() is [var only]
            ? only.GetParameters()
                .Where(p => !p.HasDefaultValue && !p.IsDefined(typeof(FromKeyedServicesAttribute)) && !registered.IsService(p.ParameterType))
                .Select(p => p.ParameterType).FirstOrDefault()
            : null;

    private static object Owned(HttpContext context, IAsyncDisposable instance)
    {
        context.Response.RegisterForDisposeAsync(instance);
        return instance;
    }

    private static object Owned(HttpContext context, IDisposable instance)
    {
        context.Response.RegisterForDispose(instance);
        return instance;
    }
}
