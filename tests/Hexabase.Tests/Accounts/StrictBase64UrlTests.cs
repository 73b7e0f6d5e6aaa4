using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Tokens;

namespace Hexabase.Tests.Accounts;

public sealed class StrictBase64UrlTests
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Fact]
    public void Bytes_have_exactly_one_spelling() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>().Filter(b => b is { Length: > 0 }), bytes =>
        {
            var text = Base64Url.EncodeToString(bytes);
            var others = Characters.Where(c => c != text[^1]).Select(c => text[..^1] + c);
            return Decodes(text) && !others.Any(Decodes);

            bool Decodes(string spelling) => StrictBase64Url.TryDecode(spelling, out var decoded) && decoded.SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("A")] // six bits are no byte
    [InlineData("AB")] // "AA" and four bits too many
    [InlineData("AAB")] // "AAA" and two bits too many
    [InlineData("AA==")]
    [InlineData("AA AA")]
    [InlineData("AAA\n")]
    [InlineData("AA+A")]
    [InlineData("AA/A")]
    [InlineData("AAAAA")]
    public void Everything_else_is_refused(string text) => Assert.False(StrictBase64Url.TryDecode(text, out _));
}
