using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Json;

namespace Hexabase.Tests.Backtesting;

public sealed class CanonicalWriterTests
{
    [Fact]
    public void What_is_written_is_canonical_json() => Prop.ForAll(Numbers, Numbers, (table, list) =>
    {
        var bytes = Write(table, list);
        return bytes.AsSpan().SequenceEqual(CanonicalJson.GetBytes(JsonSerializer.Deserialize<JsonElement>(bytes)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_value_stands_where_it_was_written()
    {
        const string expected = """
            {"a":"text","b":null,"c":{},"d":9007199254740991,"e":0.1,"list":[1.5,[],null],"table":{"columns":["x","y"],"rows":[[2,"2017-07-14T02:40:00Z"]]}}
            """;
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(Write([2], [1.5])));
    }

    private static Arbitrary<double[]> Numbers =>
        ArbMap.Default.ArbFor<double>().Filter(double.IsFinite).Generator.ListOf().Select(numbers => numbers.ToArray()).ToArbitrary();

    private static byte[] Write(double[] table, double[] list)
    {
        var output = new ArrayBufferWriter<byte>();
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Property("a"u8, "text");
        json.Property("b"u8, (double?)null);
        json.Name("c"u8);
        json.BeginObject();
        json.EndObject();
        json.Property("d"u8, 9_007_199_254_740_991);
        json.Property("e"u8, 0.1);
        json.Name("list"u8);
        json.BeginArray();
        foreach (var number in list)
            json.Number(number);
        json.BeginArray();
        json.EndArray();
        json.Null();
        json.EndArray();
        json.Name("table"u8);
        json.BeginTable("x", "y");
        foreach (var number in table)
        {
            json.BeginArray();
            json.Number(number);
            json.Time(1_500_000_000);
            json.EndArray();
        }
        json.EndTable();
        json.EndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }
}
