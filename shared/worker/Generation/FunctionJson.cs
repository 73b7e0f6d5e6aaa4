using System.Buffers;
using System.Text.Json;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable;

namespace Hexabase.Worker.Generation;

/// <summary>Writes the <c>function.json</c> of a function. The same function gives the same bytes.</summary>
internal static class FunctionJson
{
    /// <summary>The value of <c>generatedBy</c>, by which generated files are told from others. The host ignores it.</summary>
    public const string Generator = "Hexabase.Worker";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static byte[] Of(FunctionDescriptor function)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("generatedBy", Generator);
            writer.WriteStartArray("bindings");
            switch (function.Trigger)
            {
                case HttpTriggerAttribute http:
                    WriteHttp(writer, function, http);
                    break;
                case TimerTriggerAttribute timer:
                    WriteTimer(writer, function, timer);
                    break;
                case ServiceBusTriggerAttribute serviceBus:
                    WriteServiceBus(writer, function, serviceBus);
                    break;
                case OrchestrationTriggerAttribute:
                    WriteDurable(writer, "orchestrationTrigger", function);
                    break;
                case ActivityTriggerAttribute:
                    WriteDurable(writer, "activityTrigger", function);
                    break;
                default:
                    throw new InvalidOperationException($"{function} has an unknown trigger.");
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        json.Write("\n"u8);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>One HTTP input and one HTTP output make a purely HTTP function, whose requests the host forwards.</summary>
    private static void WriteHttp(Utf8JsonWriter writer, FunctionDescriptor function, HttpTriggerAttribute trigger)
    {
        StartTrigger(writer, "httpTrigger", function);
        writer.WriteString("authLevel", trigger.AuthLevel switch
        {
            AuthorizationLevel.Anonymous => "anonymous",
            AuthorizationLevel.Admin => "admin",
            _ => "function",
        });
        if (trigger.Methods.Count > 0)
        {
            writer.WriteStartArray("methods");
            foreach (var method in trigger.Methods)
                writer.WriteStringValue(method.ToLowerInvariant());
            writer.WriteEndArray();
        }
        writer.WriteString("route", function.HttpRoute);
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "http");
        writer.WriteString("direction", "out");
        writer.WriteString("name", "res");
        writer.WriteEndObject();
    }

    private static void WriteTimer(Utf8JsonWriter writer, FunctionDescriptor function, TimerTriggerAttribute trigger)
    {
        StartTrigger(writer, "timerTrigger", function);
        writer.WriteString("schedule", trigger.Schedule);
        writer.WriteBoolean("runOnStartup", trigger.RunOnStartup);
        writer.WriteBoolean("useMonitor", trigger.UseMonitor);
        writer.WriteEndObject();
    }

    private static void WriteServiceBus(Utf8JsonWriter writer, FunctionDescriptor function, ServiceBusTriggerAttribute trigger)
    {
        StartTrigger(writer, "serviceBusTrigger", function);
        writer.WriteString("queueName", trigger.QueueName);
        writer.WriteString("connection", trigger.Connection);
        writer.WriteBoolean("isSessionsEnabled", trigger.IsSessionsEnabled);
        writer.WriteString("cardinality", trigger.IsBatched ? "many" : "one");
        writer.WriteString("dataType", function.TriggerParameter.ParameterType == typeof(byte[]) ? "binary" : "string");
        writer.WriteEndObject();
    }

    /// <summary>The folder's name is the name it is called by. What it returns needs no binding of its own.</summary>
    private static void WriteDurable(Utf8JsonWriter writer, string type, FunctionDescriptor function)
    {
        StartTrigger(writer, type, function);
        writer.WriteEndObject();
    }

    private static void StartTrigger(Utf8JsonWriter writer, string type, FunctionDescriptor function)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("direction", "in");
        writer.WriteString("name", function.BindingName);
    }
}
