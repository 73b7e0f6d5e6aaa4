namespace Hexabase.Worker;

/// <summary>What starts a function, on the parameter that receives it. A function has exactly one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : Attribute;
