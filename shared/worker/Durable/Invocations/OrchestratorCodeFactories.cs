using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable.Replay;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>The code of an orchestration over a way to make its orchestrator.</summary>
internal delegate OrchestratorCode OrchestratorCodeFactory(Func<object> create);

/// <summary>Makes the code of orchestrators, so that no turn reflects.</summary>
internal static class OrchestratorCodeFactories
{
    public static OrchestratorCodeFactory Of(FunctionDescriptor function)
    {
        var (input, output) = DurableClasses.TypesOf(function);
        var of = typeof(Typed<,>).MakeGenericType(input, output).GetMethod(nameof(Typed<,>.CodeOf))!;
        return of.CreateDelegate<OrchestratorCodeFactory>();
    }

    private static class Typed<TInput, TOutput>
    {
        public static OrchestratorCode CodeOf(Func<object> create) => OrchestratorCodes.Of(() => (TaskOrchestrator<TInput, TOutput>)create());
    }
}
