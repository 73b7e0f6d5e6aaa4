using Xunit.Abstractions;
using Xunit.Sdk;

namespace Hexabase.Tests.Support;

/// <summary>
/// The rules of a contract are run in this class only where an environment variable names what they run against; else each
/// <see cref="ContractFactAttribute"/> and <see cref="ContractTheoryAttribute"/> is skipped and says which variable is missing.
/// </summary>
/// <param name="what">What the variable holds.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsEnvironmentAttribute(string variable, string what) : Attribute
{
    public string Variable => variable;

    public string What => what;

    /// <summary>Why tests of a class are skipped; null when they are not.</summary>
    public static string? Missing(ITestMethod test)
    {
        var needs = test.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(NeedsEnvironmentAttribute), inherit: true);
        return needs is [NeedsEnvironmentAttribute need] && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(need.Variable))
            ? $"{need.Variable} is not set: {need.What}."
            : null;
    }
}

/// <summary>A rule of a contract, see <see cref="NeedsEnvironmentAttribute"/>.</summary>
[XunitTestCaseDiscoverer("Hexabase.Tests.Support.ContractFactDiscoverer", "Hexabase.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContractFactAttribute : FactAttribute;

/// <inheritdoc cref="ContractFactAttribute"/>
[XunitTestCaseDiscoverer("Hexabase.Tests.Support.ContractTheoryDiscoverer", "Hexabase.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContractTheoryAttribute : TheoryAttribute;

internal sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Contracts.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod)
        ?? base.Discover(discoveryOptions, testMethod, factAttribute);
}

internal sealed class ContractTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Contracts.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod)
        ?? base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

file static class Contracts
{
    public static IEnumerable<IXunitTestCase>? Skipped(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod test) =>
        NeedsEnvironmentAttribute.Missing(test) is { } reason
            ? [new XunitSkippedDataRowTestCase(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), test, reason)]
            : null;
}
