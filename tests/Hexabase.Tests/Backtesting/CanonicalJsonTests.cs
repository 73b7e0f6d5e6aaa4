using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Json;

namespace Hexabase.Tests.Backtesting;

public sealed class CanonicalJsonTests
{
    // RFC 8785, section 3.2.2 to 3.2.4: input, and the bytes of the canonical form.
    private const string RfcInput = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    private const string RfcHex =
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c" +
        "31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";

    [Fact]
    public void The_example_of_the_rfc_gives_its_bytes() =>
        Assert.Equal(RfcHex, Convert.ToHexStringLower(CanonicalJson.GetBytes(Parse(RfcInput))));

    [Fact] // RFC 8785, section 3.2.3
    public void Properties_are_sorted_by_utf16_code_units()
    {
        var canonical = CanonicalJson.GetBytes(Parse(
            """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """));
        var sorted = Parse(Encoding.UTF8.GetString(canonical)).EnumerateObject().Select(property => property.Value.GetString());
        Assert.Equal(
            "Carriage Return, One, Control, Latin Small Letter O With Diaeresis, Euro Sign, Emoji: Grinning Face, " +
            "Hebrew Letter Dalet With Dagesh",
            string.Join(", ", sorted));
    }

    [Theory] // RFC 8785, appendix B
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_ecmascript_does(ulong bits, string text) =>
        Assert.Equal(text, Write(BitConverter.UInt64BitsToDouble(bits)));

    [Fact]
    public void Every_written_number_reads_back_as_itself() => Prop.ForAll(
        ArbMap.Default.ArbFor<double>().Filter(double.IsFinite),
        number => double.Parse(Write(number), CultureInfo.InvariantCulture) == number && Write(number).Length <= EcmaScriptNumber.MaxLength)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_pattern_of_bits_reads_back_as_itself() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>().Convert(BitConverter.UInt64BitsToDouble, BitConverter.DoubleToUInt64Bits).Filter(double.IsFinite),
        number => double.Parse(Write(number), CultureInfo.InvariantCulture) == number).QuickCheckThrowOnFailure();

    [Fact]
    public void The_canonical_form_of_the_canonical_form_is_itself() => Prop.ForAll(
        ArbMap.Default.ArbFor<Dictionary<int, (string?, double, bool[])>>(),
        values =>
        {
            var members = values.Select(entry => KeyValuePair.Create(
                $"{entry.Key}",
                new { b = entry.Value.Item1, a = double.IsFinite(entry.Value.Item2) ? entry.Value.Item2 : 0, c = entry.Value.Item3 }));
            var document = JsonSerializer.SerializeToElement(members.ToDictionary(StringComparer.Ordinal));
            var once = CanonicalJson.GetBytes(document);
            return once.AsSpan().SequenceEqual(CanonicalJson.GetBytes(Parse(Encoding.UTF8.GetString(once))));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""")]
    [InlineData("""{"a":1e400}""")]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"\udc00":1}""")]
    public void What_is_not_i_json_has_no_canonical_form(string json) =>
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.GetBytes(Parse(json)));

    [Fact]
    public void The_code_hash_does_not_depend_on_spelling() => Assert.Equal(
        CodeHash.Of(Parse("""{"a":1.0,"b":"x"}""")), CodeHash.Of(Parse("""{ "b" : "\u0078", "a" : 1e0 }""")));

    [Fact] // printf '{"a":1}' | sha256sum
    public void The_code_hash_is_the_sha256_of_the_canonical_bytes() =>
        Assert.Equal("015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", CodeHash.Of(Parse("""{"a": 1}""")));

    private static string Write(double number)
    {
        var text = new byte[EcmaScriptNumber.MaxLength];
        return Encoding.ASCII.GetString(text, 0, EcmaScriptNumber.Write(number, text));
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
