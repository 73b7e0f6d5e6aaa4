using System.Buffers;
using System.Globalization;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Json;

/// <summary>Appends pieces of JSON to a buffer writer, asking it for room in large steps. <see cref="Flush"/> ends it.</summary>
internal ref struct Utf8Builder(IBufferWriter<byte> output)
{
    private const int Chunk = 4_096;

    private Span<byte> room;
    private int used;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        used += json.Length;
    }

    /// <summary>A text that needs no escapes, in quotes.</summary>
    public void Ascii(string text)
    {
        var to = Room(text.Length + 2);
        to[0] = to[text.Length + 1] = (byte)'"';
        System.Text.Encoding.ASCII.GetBytes(text, to[1..]);
        used += text.Length + 2;
    }

    public void Number(double value)
    {
        var written = EcmaScriptNumber.Write(value, Room(EcmaScriptNumber.MaxLength));
        used += written;
    }

    public void Number(long value)
    {
        value.TryFormat(Room(EcmaScriptNumber.MaxLength), out var written, provider: CultureInfo.InvariantCulture);
        used += written;
    }

    public void NumberOrNull(double? value)
    {
        if (value is { } number)
            Number(number);
        else
            Raw("null"u8);
    }

    public void Time(long unixSeconds)
    {
        var to = Room(UtcTime.TextLength + 2);
        to[0] = to[UtcTime.TextLength + 1] = (byte)'"';
        UtcTime.Write(unixSeconds, to[1..]);
        used += UtcTime.TextLength + 2;
    }

    public void Comma() => Raw(","u8);

    public void Flush()
    {
        output.Advance(used);
        used = 0;
        room = default;
    }

    private Span<byte> Room(int length)
    {
        if (room.Length - used < length)
        {
            Flush();
            room = output.GetSpan(Math.Max(Chunk, length));
        }
        return room[used..];
    }
}
