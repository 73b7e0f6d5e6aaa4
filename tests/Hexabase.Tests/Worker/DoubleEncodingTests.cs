using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Worker.Envelopes;

namespace Hexabase.Tests.Worker;

public sealed class DoubleEncodingTests
{
    [Theory] // custom-handlers.md §5
    [InlineData("""
        "\"hi\""
        """, "hi")]
    [InlineData("""
        "\"\""
        """, "")]
    [InlineData("""
        "\"\\\"quoted\\\"\""
        """, "\"quoted\"")]
    [InlineData("""
        "4"
        """, "4")]
    [InlineData("""
        "[1,2]"
        """, "[1,2]")]
    [InlineData("""
        "\"{\\\"a\\\":1}\""
        """, """{"a":1}""")]
    public void A_string_that_holds_JSON_is_decoded_once_more(string json, string text) => Assert.Equal(text, Decode(json));

    [Theory]
    [InlineData("\"plain text\"", "plain text")]
    [InlineData("\"\"", "")]
    [InlineData("\"\\\"half\"", "\"half")]
    [InlineData("\"\\\"two\\\" \\\"strings\\\"\"", "\"two\" \"strings\"")]
    [InlineData("\"2026-01-15T00:00:00\"", "2026-01-15T00:00:00")]
    public void A_string_that_holds_no_JSON_is_taken_as_it_is(string json, string text) => Assert.Equal(text, Decode(json));

    [Theory]
    [InlineData("""{"a": 1}""")]
    [InlineData("4")]
    [InlineData("[1]")]
    public void A_value_that_is_not_a_string_is_its_JSON(string json) => Assert.Equal(json, Decode(json));

    [Fact]
    public void Any_text_survives_the_host() => Prop.ForAll(Texts, text => Decode(AsHost.Twice(text)) == text).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_survives_the_host_inside_an_object() =>
        Prop.ForAll(Texts, text =>
        {
            var body = JsonSerializer.Serialize(new { text });
            return Decode(AsHost.Twice(body)) == body;
        }).QuickCheckThrowOnFailure();

    /// <summary>Any text, and text that looks much like JSON; well-formed, as what comes from UTF-8 is.</summary>
    internal static Arbitrary<string> Texts { get; } = Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get),
            Gen.Elements("\"", "\\", "{", "}", "[", ":", ",", "null", "1", "é", "😀", "\n", "\\u0041", "\\ud800", " ", "a", "\0").ListOf()
                .Select(parts => string.Concat(parts)))
        .Select(s => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(s)))
        .ToArbitrary();

    private static string Decode(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = DoubleEncoding.TextOrNull(document.RootElement);
        Assert.Equal(text, Encoding.UTF8.GetString(DoubleEncoding.Bytes(document.RootElement)));
        return Assert.IsType<string>(text);
    }
}
