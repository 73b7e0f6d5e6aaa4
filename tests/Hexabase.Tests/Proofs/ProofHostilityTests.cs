using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Hexabase.Backtesting.Proofs;

namespace Hexabase.Tests.Proofs;

/// <summary>What is made to break the reader rather than to convince it.</summary>
public sealed class ProofHostilityTests
{
    [Theory] // names that are no text: half a surrogate pair, bytes that are no UTF-8
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"schema":"hexabase.proof/v1","\ud800":1}""")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":"a..b","result":{},"strategy":{"\udc00":1,"b":2}}""")]
    [InlineData("""{"schema":"hexabase.proof/v1","jws":"a..b","result":{"a":{"\ud800\ud800":1}},"strategy":{}}""")]
    [InlineData("{\"schema\":\"hexabase.proof/v1\",\"\u00ff\":1}")]
    [InlineData("{\"schema\":\"hexabase.proof/v1\",\"\u00ff\\n\":1,\"b\":2}")]
    public void A_proof_with_a_name_that_is_no_text_is_refused(string file) =>
        Assert.False(ProofFile.TryRead(Encoding.Latin1.GetBytes(file), out _, out _));

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"a","\ud800":"hexabase-result+jws"}""")]
    [InlineData("""{"\ud800":1}""")]
    public void A_signature_with_a_header_name_that_is_no_text_is_none(string header) =>
        Assert.False(DetachedJws.TryParse($"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}..AA", out _));

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"keys":[{"kty":"EC","\ud800":1}]}""")]
    [InlineData("""{"keys":[{"\ud800":1}]}""")]
    public void A_key_set_with_a_name_that_is_no_text_is_none(string set) =>
        Assert.Throws<FormatException>(() => VerificationKeys.Parse(Encoding.UTF8.GetBytes(set)));

    [Fact]
    public void A_signature_of_millions_of_dots_takes_no_memory()
    {
        var dots = new string('.', 8 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(DetachedJws.TryParse(dots, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Theory]
    [InlineData("1.5", "2.5")]
    [InlineData("\"a\"", "\"b\"")]
    [InlineData("[]", "null")]
    public void A_difference_does_not_keep_the_results_it_is_from_in_memory(string claimed, string computed)
    {
        var (left, right) = (JsonElement.Parse($$"""{"a":{{claimed}}}"""), JsonElement.Parse($$"""{"a":{{computed}}}"""));
        foreach (var difference in ResultDifferences.Between(left, right).Listed)
        {
            foreach (var value in new[] { difference.Claimed, difference.Computed }.OfType<JsonElement>())
            {
                Assert.False(Raw(value).Overlaps(Raw(left)));
                Assert.False(Raw(value).Overlaps(Raw(right)));
            }
        }

        static ReadOnlySpan<byte> Raw(JsonElement json) => JsonMarshal.GetRawUtf8Value(json);
    }
}
