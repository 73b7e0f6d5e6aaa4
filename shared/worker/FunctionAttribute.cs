namespace Hexabase.Worker;

/// <summary>
/// Marks a public instance method as a function. The class is made anew for every invocation, its constructor parameters come
/// from the invocation's service scope.
/// </summary>
/// <param name="name">Unique in the app: a letter, then letters, digits, <c>-</c> and <c>_</c>. Becomes the folder of <c>function.json</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
