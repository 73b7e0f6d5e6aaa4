using System.Linq.Expressions;
using System.Text.Json;
using Hexabase.Worker.Discovery;

namespace Hexabase.Worker.Envelopes;

/// <summary>Makes the method's trigger parameter from <c>Data.{binding}</c> and <c>Metadata</c>.</summary>
internal delegate object EnvelopeReader(JsonElement data, JsonElement metadata);

/// <summary>Calls the method on an instance of its class.</summary>
internal delegate Task FunctionCall(object instance, object input, CancellationToken ct);

/// <summary>Compiles what runs on every invocation of a function, so that none of it reflects.</summary>
internal static class FunctionCalls
{
    public static EnvelopeReader ReaderFor(FunctionDescriptor function) => function.Trigger switch
    {
        TimerTriggerAttribute => (data, _) => TimerReader.Read(data),
        ServiceBusTriggerAttribute { IsBatched: true } => MessageReader.Many,
        ServiceBusTriggerAttribute when function.TriggerParameter.ParameterType == typeof(byte[]) => (data, _) => MessageReader.OneBinary(data),
        ServiceBusTriggerAttribute => MessageReader.One,
        _ => throw new InvalidOperationException($"{function} gets no envelopes."),
    };

    public static FunctionCall CallOf(FunctionDescriptor function)
    {
        var instance = Expression.Parameter(typeof(object));
        var input = Expression.Parameter(typeof(object));
        var ct = Expression.Parameter(typeof(CancellationToken));
        Expression call = Expression.Call(
            Expression.Convert(instance, function.Class),
            function.Method,
            function.Method.GetParameters().Select(p => p == function.TriggerParameter ? (Expression)Expression.Convert(input, p.ParameterType) : ct));
        if (call.Type == typeof(ValueTask))
            call = Expression.Call(call, nameof(ValueTask.AsTask), Type.EmptyTypes);
        return Expression.Lambda<FunctionCall>(call, instance, input, ct).Compile();
    }
}
