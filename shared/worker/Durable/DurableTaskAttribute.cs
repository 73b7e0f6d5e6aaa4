namespace Hexabase.Worker.Durable;

/// <summary>
/// Makes a <see cref="TaskOrchestrator{TInput, TOutput}"/> or a <see cref="TaskActivity{TInput, TOutput}"/> a function of the app. The
/// class has one public constructor, whose parameters come from the service scope of the call.
/// </summary>
/// <param name="name">
/// Unique among all functions of the app, in any case: a letter, then letters, digits, <c>-</c> and <c>_</c>. How orchestrations and
/// clients call it.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DurableTaskAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
