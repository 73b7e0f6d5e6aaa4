using System.Reflection;

namespace Hexabase.Worker.Discovery;

/// <summary>One function of the app. Endpoints of functions carry it as metadata.</summary>
/// <param name="Name">Name of the function and of its folder.</param>
/// <param name="Method">The method that runs.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="TriggerParameter">
/// The parameter that receives what the trigger hands over; its name is the binding's. Of an orchestrator or activity, the one of the base class.
/// </param>
public sealed record FunctionDescriptor(string Name, MethodInfo Method, TriggerBindingAttribute Trigger, ParameterInfo TriggerParameter)
{
    /// <summary>The class that is made anew for every invocation.</summary>
    public Type Class => Method.ReflectedType!;

    /// <summary>Name of the trigger's binding in <c>function.json</c> and in <c>Data</c> of an envelope.</summary>
    public string BindingName => TriggerParameter.Name!;

    /// <summary>The route of an HTTP function without leading slash; null for other functions.</summary>
    public string? HttpRoute => Trigger is HttpTriggerAttribute http ? (http.Route ?? Name).TrimStart('/') : null;

    public override string ToString() => $"{Name} ({Class.FullName}.{Method.Name})";
}
