using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Functions.Health;
using Hexabase.Orchestrations;
using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Operations;

/// <summary>
/// Every type of the product that outlives the process that wrote it, found by what the code does: documents by the calls that read and write
/// them, inputs and outputs of orchestrations by the calls and classes that have them.
/// </summary>
internal static class StoredTypes
{
    /// <summary>As the product writes JSON, and ready to be asked about types.</summary>
    public static readonly JsonSerializerOptions Json = new(DomainJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Whose generic methods say what is stored: the ports, and what passes its own <c>T</c> on to them.</summary>
    private static readonly Type[] Storing =
        [typeof(DocumentBatch), typeof(IDocumentStore), typeof(Journal), typeof(AccountLookups), typeof(TaskOrchestrationContext)];

    private static readonly Assembly Domain = typeof(DocumentBatch).Assembly;

    private static readonly Assembly Orchestrations = typeof(OrchestrationsAssembly).Assembly;

    public static IReadOnlyList<Type> All { get; } =
    [
        .. new[] { Domain, Orchestrations, typeof(ReadyTrigger).Assembly }.SelectMany(ArgumentsOfStoringCalls)
            .Concat(Orchestrations.GetTypes().SelectMany(InputAndOutput))
            .Append(typeof(JobMessage))
            .Where(type => (type.Assembly == Domain || type.Assembly == Orchestrations) && !InputAndOutput(type).Any())
            .Distinct()
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>The enumerations in them.</summary>
    public static IReadOnlyList<Type> Enums { get; } =
        [.. All.SelectMany(type => Within(type, [])).Distinct().Where(type => type.IsEnum).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>A type and all that its JSON holds.</summary>
    private static HashSet<Type> Within(Type type, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (seen.Add(type))
        {
            var contract = Json.GetTypeInfo(type);
            foreach (var inner in contract.Properties.Select(property => property.PropertyType).Append(contract.ElementType).OfType<Type>())
                Within(inner, seen);
        }
        return seen;
    }

    /// <summary>The <c>T</c> of each call like <c>documents.Read&lt;T&gt;</c>, where it is a type and no parameter.</summary>
    private static IEnumerable<Type> ArgumentsOfStoringCalls(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var calls = file.GetMetadataReader().GetTableRowCount(TableIndex.MethodSpec);
        for (var row = 1; row <= calls; row++)
        {
            var token = MetadataTokens.GetToken(MetadataTokens.EntityHandle(TableIndex.MethodSpec, row));
            if (TryResolve(assembly.ManifestModule, token) is { } call && Storing.Contains(call.DeclaringType))
            {
                foreach (var argument in call.GetGenericArguments().Where(argument => !argument.ContainsGenericParameters))
                    yield return argument;
            }
        }
    }

    /// <summary>Null for a call whose types depend on where it stands.</summary>
    private static MethodBase? TryResolve(Module module, int token)
    {
        try
        {
            return module.ResolveMethod(token);
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<Type> InputAndOutput(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (!ancestor.IsConstructedGenericType)
                continue;
            var definition = ancestor.GetGenericTypeDefinition();
            if (definition == typeof(TaskOrchestrator<,>) || definition == typeof(TaskActivity<,>))
                return ancestor.GetGenericArguments();
        }
        return [];
    }
}
