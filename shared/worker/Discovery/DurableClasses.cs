using Hexabase.Worker.Durable;

namespace Hexabase.Worker.Discovery;

/// <summary>Classes that are functions as a whole, by their <see cref="DurableTaskAttribute"/>.</summary>
internal static class DurableClasses
{
    /// <summary>The function that a class is; null when it is neither an orchestrator nor an activity.</summary>
    public static FunctionDescriptor? FunctionOf(Type type, string name)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            var kind = ancestor.IsGenericType ? ancestor.GetGenericTypeDefinition() : null;
            if (kind == typeof(TaskOrchestrator<,>))
                return Describe(type, name, ancestor, new OrchestrationTriggerAttribute(), "context");
            if (kind == typeof(TaskActivity<,>))
                return Describe(type, name, ancestor, new ActivityTriggerAttribute(), "input");
        }
        return null;
    }

    /// <summary>Types of input and output of such a function.</summary>
    public static (Type Input, Type Output) TypesOf(FunctionDescriptor function) =>
        function.TriggerParameter.Member.DeclaringType!.GetGenericArguments() is [var input, var output]
            ? (input, output)
            : throw new InvalidOperationException($"{function} is not a class with [DurableTask].");

    /// <summary>The parameter is the ancestor's, so that the binding is called the same whatever the class calls its own parameter.</summary>
    private static FunctionDescriptor Describe(Type type, string name, Type ancestor, TriggerBindingAttribute trigger, string parameter)
    {
        const string Run = nameof(TaskActivity<,>.RunAsync);
        var parameters = ancestor.GetMethod(Run)!.GetParameters();
        var method = type.GetMethod(Run, [.. parameters.Select(p => p.ParameterType)])!;
        return new FunctionDescriptor(name, method, trigger, parameters.Single(p => p.Name == parameter));
    }
}
