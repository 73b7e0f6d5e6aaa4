using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Hexabase.Backtesting.Json;

/// <summary>The canonical form of JSON: JCS, RFC 8785. Equal values give equal bytes.</summary>
public static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes of <paramref name="value"/>.</summary>
    /// <exception cref="CanonicalJsonException">The value is not I-JSON: see there.</exception>
    public static byte[] GetBytes(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the canonical UTF-8 bytes of <paramref name="value"/>.</summary>
    /// <exception cref="CanonicalJsonException">The value is not I-JSON; what was written until then is of no use.</exception>
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                WriteArray(value, output);
                break;
            case JsonValueKind.String:
                WriteString(TextOf(value), output);
                break;
            case JsonValueKind.Number:
                WriteNumber(value, output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new CanonicalJsonException("There is no value.");
        }
    }

    /// <summary>Writes a string with quotes, escaping only what RFC 8785 §3.2.2.2 says.</summary>
    internal static void WriteString(string text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and not '"' and not '\\')
                continue;
            Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), output);
            WriteEscape(c, output);
            start = i + 1;
        }
        Encoding.UTF8.GetBytes(text.AsSpan(start), output);
        output.Write("\""u8);
    }

    private static void WriteEscape(char c, IBufferWriter<byte> output)
    {
        var name = c switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            _ => '\0',
        };
        if (name == '\0')
            Encoding.ASCII.GetBytes($"\\u{(int)c:x4}", output);
        else
            output.Write([(byte)'\\', (byte)name]);
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var property in value.EnumerateObject())
            members.Add((NameOf(property), property.Value));
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0 && members[i].Name == members[i - 1].Name)
                throw new CanonicalJsonException($"The property \"{members[i].Name}\" occurs twice.");
            if (i > 0)
                output.Write(","u8);
            WriteString(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }
        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement value, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first)
                output.Write(","u8);
            first = false;
            Write(item, output);
        }
        output.Write("]"u8);
    }

    private static void WriteNumber(JsonElement value, IBufferWriter<byte> output)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
            throw new CanonicalJsonException("A number is too large for a double.");
        output.Advance(EcmaScriptNumber.Write(number, output.GetSpan(EcmaScriptNumber.MaxLength)));
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException("A string has half of a surrogate pair.");
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException("A property name has half of a surrogate pair.");
        }
    }
}

/// <summary>
/// The value has no canonical form because it is not I-JSON (RFC 7493): a property occurs twice, a number is beyond a double, or
/// a string has half of a surrogate pair.
/// </summary>
public sealed class CanonicalJsonException(string message) : Exception(message);
