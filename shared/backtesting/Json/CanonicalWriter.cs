using System.Buffers;
using System.Globalization;
using System.Text;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Json;

/// <summary>
/// Writes canonical JSON straight to a buffer, asking it for room in large steps. Puts the commas; the caller names the properties in
/// the order of their names, in ASCII, and ends with <see cref="Flush"/>.
/// </summary>
internal ref struct CanonicalWriter(IBufferWriter<byte> output)
{
    private const int Chunk = 4_096;

    private Span<byte> room;
    private int used;
    private bool follows;

    public void BeginObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void BeginArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    /// <summary>A list of columns and the beginning of a list of rows, each to be an array.</summary>
    public void BeginTable(params ReadOnlySpan<string> columns)
    {
        BeginObject();
        Name("columns"u8);
        BeginArray();
        foreach (var column in columns)
            Text(column);
        EndArray();
        Name("rows"u8);
        BeginArray();
    }

    public void EndTable()
    {
        EndArray();
        EndObject();
    }

    public void Name(ReadOnlySpan<byte> name)
    {
        Text(name);
        room[used++] = (byte)':';
        follows = false;
    }

    /// <summary>A text that needs no escapes.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        var to = Next(text.Length + 3);
        to[0] = to[text.Length + 1] = (byte)'"';
        text.CopyTo(to[1..]);
        used += text.Length + 2;
    }

    /// <summary>A text that needs no escapes, in ASCII.</summary>
    public void Text(string text)
    {
        var to = Next(text.Length + 2);
        to[0] = to[text.Length + 1] = (byte)'"';
        Encoding.ASCII.GetBytes(text, to[1..]);
        used += text.Length + 2;
    }

    /// <summary>Any text.</summary>
    public void EscapedText(string text)
    {
        Next(0);
        Flush();
        CanonicalJson.WriteString(text, output);
    }

    public void Flag(bool value)
    {
        var text = value ? "true"u8 : "false"u8;
        text.CopyTo(Next(text.Length));
        used += text.Length;
    }

    public void Number(double value)
    {
        var to = Next(EcmaScriptNumber.MaxLength);
        used += EcmaScriptNumber.Write(value, to);
    }

    public void Number(long value)
    {
        value.TryFormat(Next(EcmaScriptNumber.MaxLength), out var written, provider: CultureInfo.InvariantCulture);
        used += written;
    }

    /// <summary>A number, or null.</summary>
    public void Number(double? value)
    {
        if (value is { } number)
            Number(number);
        else
            Null();
    }

    public void Null()
    {
        "null"u8.CopyTo(Next(4));
        used += 4;
    }

    public void Time(long unixSeconds)
    {
        var to = Next(UtcTime.TextLength + 2);
        to[0] = to[UtcTime.TextLength + 1] = (byte)'"';
        UtcTime.Write(unixSeconds, to[1..]);
        used += UtcTime.TextLength + 2;
    }

    public void Property(ReadOnlySpan<byte> name, double value)
    {
        Name(name);
        Number(value);
    }

    public void Property(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Number(value);
    }

    public void Property(ReadOnlySpan<byte> name, double? value)
    {
        Name(name);
        Number(value);
    }

    public void Property(ReadOnlySpan<byte> name, string text)
    {
        Name(name);
        Text(text);
    }

    public void Flush()
    {
        output.Advance(used);
        used = 0;
        room = default;
    }

    private void Open(byte bracket)
    {
        Next(1)[0] = bracket;
        used++;
        follows = false;
    }

    private void Close(byte bracket)
    {
        follows = false;
        Next(1)[0] = bracket;
        used++;
    }

    /// <summary>Room for the next value, after a comma when another came before it.</summary>
    private Span<byte> Next(int length)
    {
        if (room.Length - used <= length)
        {
            Flush();
            room = output.GetSpan(Math.Max(Chunk, length + 1));
        }
        if (follows)
            room[used++] = (byte)',';
        follows = true;
        return room[used..];
    }
}
