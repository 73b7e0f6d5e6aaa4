using System.Text.Json;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable.Replay;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>Runs an activity on the JSON text of its input; the result is its answer for the host.</summary>
internal delegate Task<string> ActivityCall(object activity, TaskActivityContext context, byte[] input, JsonSerializerOptions json);

/// <summary>Makes the calls of activities, so that none of them reflects.</summary>
internal static class ActivityCalls
{
    public static ActivityCall Of(FunctionDescriptor function)
    {
        var (input, output) = DurableClasses.TypesOf(function);
        return typeof(Typed<,>).MakeGenericType(input, output).GetMethod(nameof(Typed<,>.Run))!.CreateDelegate<ActivityCall>();
    }

    private static class Typed<TInput, TOutput>
    {
        public static async Task<string> Run(object activity, TaskActivityContext context, byte[] input, JsonSerializerOptions json)
        {
            var output = await ((TaskActivity<TInput, TOutput>)activity).RunAsync(context, Read(context.Name, input, json));
            try
            {
                return ActivityAnswer.Write(output, json);
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                throw new NonRetriableTaskException($"What {context.Name} returned cannot be written as JSON.", e);
            }
        }

        private static TInput Read(string name, byte[] input, JsonSerializerOptions json)
        {
            try
            {
                return input.AsSpan().SequenceEqual("null"u8) ? default! : JsonSerializer.Deserialize<TInput>(input, json)!;
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                throw new NonRetriableTaskException($"The input is not what {name} takes.", e);
            }
        }
    }
}
