namespace Hexabase.Orchestrations;

/// <summary>Marks the assembly of the orchestrations and their activities, for whoever looks for functions in it.</summary>
public static class OrchestrationsAssembly;
