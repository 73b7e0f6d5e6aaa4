namespace Hexabase.Worker.Durable;

/// <summary>
/// Makes a <see cref="TaskOrchestrator{TInput, TOutput}"/> or a <see cref="TaskActivity{TInput, TOutput}"/> a function of the app.
/// </summary>
/// <param name="name">Unique among all functions of the app; how orchestrations and clients call it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DurableTaskAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
