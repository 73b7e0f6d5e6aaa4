using System.Reflection;
using Hexabase.Worker.Durable;

namespace Hexabase.Worker.Discovery;

/// <summary>
/// Every function of an app, found by its <see cref="FunctionAttribute"/> or <see cref="DurableTaskAttribute"/> and checked.
/// </summary>
public sealed class FunctionCatalog
{
    private const BindingFlags AnyDeclared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private FunctionCatalog(IReadOnlyList<FunctionDescriptor> functions) => Functions = functions;

    /// <summary>In order of name.</summary>
    public IReadOnlyList<FunctionDescriptor> Functions { get; }

    /// <summary>The functions of some assemblies.</summary>
    /// <exception cref="InvalidFunctionsException">A function breaks a rule, or two contradict each other.</exception>
    public static FunctionCatalog Of(params Assembly[] assemblies) => Of(assemblies.SelectMany(a => a.GetTypes()));

    /// <summary>The functions of some classes.</summary>
    /// <exception cref="InvalidFunctionsException">A function breaks a rule, or two contradict each other.</exception>
    public static FunctionCatalog Of(params IEnumerable<Type> types)
    {
        var functions = new List<FunctionDescriptor>();
        var problems = new List<string>();
        foreach (var type in types.Where(t => t.IsClass))
        {
            AddClass(type, functions, problems);
            AddMethods(type, functions, problems);
        }
        functions.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var sound = functions.ToLookup(f => Kept(f, problems));
        problems.AddRange(FunctionConflicts.Among([.. sound[true]]));
        return problems.Count == 0 ? new FunctionCatalog(functions) : throw new InvalidFunctionsException(problems);
    }

    private static void AddClass(Type type, List<FunctionDescriptor> functions, List<string> problems)
    {
        if (type.GetCustomAttribute<DurableTaskAttribute>() is not { } declared)
            return;
        if (DurableClasses.FunctionOf(type, declared.Name) is { } function)
            functions.Add(function);
        else
            problems.Add($"{declared.Name} ({type.FullName}) has [DurableTask] but is neither a TaskOrchestrator nor a TaskActivity.");
    }

    private static void AddMethods(Type type, List<FunctionDescriptor> functions, List<string> problems)
    {
        foreach (var method in type.GetMethods(AnyDeclared))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } declared)
                continue;
            var triggers = method.GetParameters().Where(p => p.IsDefined(typeof(TriggerBindingAttribute))).ToArray();
            if (triggers is [var parameter] && parameter.GetCustomAttributes<TriggerBindingAttribute>().ToArray() is [var trigger])
                functions.Add(new FunctionDescriptor(declared.Name, method, trigger, parameter));
            else
                problems.Add($"{declared.Name} ({method.DeclaringType}.{method.Name}) has {(triggers.Length == 0 ? "no trigger" : "more than one trigger")}.");
        }
    }

    private static bool Kept(FunctionDescriptor function, List<string> problems)
    {
        var before = problems.Count;
        problems.AddRange(FunctionRules.Broken(function));
        return problems.Count == before;
    }
}
