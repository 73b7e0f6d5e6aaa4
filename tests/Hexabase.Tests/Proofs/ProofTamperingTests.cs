using System.Buffers.Text;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Proofs;

namespace Hexabase.Tests.Proofs;

/// <summary>Whatever is changed is found, and nothing that is read makes the check throw.</summary>
public sealed class ProofTamperingTests
{
    [Fact]
    public async Task Any_bit_of_a_proof_that_is_flipped_is_found()
    {
        for (var bit = 0; bit < ProofSample.File.Length * 8; bit++)
        {
            var file = ProofSample.File.ToArray();
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IsAccepted(file), $"bit {bit % 8} of byte {bit / 8}");
        }
        Assert.True((await ProofSample.Check(ProofSample.File)).Valid);
    }

    [Fact]
    public void Any_byte_of_a_proof_that_is_replaced_left_out_or_added_is_found() => Prop.ForAll(
        Edits(ProofSample.File), edited => !IsAccepted(edited)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Any_byte_of_the_dataset_that_is_changed_is_found() => Prop.ForAll(
        Edits(ProofSample.Dataset),
        dataset => ProofSample.Check(ProofSample.File, dataset, ProofSample.Signer.Keys).Result.Of("dataset") == "DATASET_HASH_MISMATCH")
        .QuickCheckThrowOnFailure();

    [Fact]
    public async Task The_other_spelling_of_the_same_signature_is_found()
    {
        // With (r, s) also (r, n - s) verifies: anybody can make it without the key.
        var parts = Encoding.UTF8.GetString(ProofSample.File).Split('"')[3].Split('.');
        var signature = Base64Url.DecodeFromChars(parts[2]);
        var order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);
        var other = order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        other.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(signature, 32);

        Assert.Equal("SIGNATURE_INVALID", (await ProofSample.Check(ProofSample.WithJws($"{parts[0]}..{Base64Url.EncodeToString(signature)}"))).Of("signature"));
    }

    [Fact]
    public void Whatever_a_forger_writes_into_a_proof_gets_a_verdict() => Prop.ForAll(
        Forgeries(), file => ProofSample.Check(file).Result is { Valid: false, Differences.Count: <= ResultDifferences.MostListed })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Noise_gets_a_verdict() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), file => !ProofSample.Check(file).Result.Valid).QuickCheckThrowOnFailure();

    /// <summary>By what needs no second run, which the signature vouches for.</summary>
    private static bool IsAccepted(byte[] file) =>
        ProofFile.TryRead(file, out var proof, out _)
        && new ProofCheck(proof, ProofSample.Signer.Keys).WithoutRerun("TEST", "") is var verdict
        && verdict.Checks.All(check => check.Outcome == CheckOutcome.Passed || check.Code == "TEST");

    private static Arbitrary<byte[]> Edits(byte[] original) => (
        from at in Gen.Choose(0, original.Length - 1)
        from length in Gen.Choose(0, 2)
        from put in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), length)
        from drop in Gen.Choose(0, Math.Min(2, original.Length - at))
        let edited = (byte[])[.. original[..at], .. put, .. original[(at + drop)..]]
        where !edited.AsSpan().SequenceEqual(original)
        select edited).ToArbitrary();

    /// <summary>Proofs in which a value or a name became something else, or a name was added, mostly still JSON and canonical.</summary>
    private static Arbitrary<byte[]> Forgeries()
    {
        string[] values = ["null", "0", "-1", "1e308", "\"\"", "\"x\"", "[]", "{}", "[[]]", "true", "{\"columns\":[1],\"rows\":[[]]}", "{\"rows\":{},\"columns\":[\"a\"]}", "1e400", "\"\\ud800\""];
        string[] names = ["\"\"", "\"jws\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\u006aws\""];
        var text = Encoding.UTF8.GetString(ProofSample.File);
        var places = text.Select((c, i) => (c, i)).Where(p => p.c is ':' or ',' or '[').Select(p => p.i + 1).ToArray();
        return (
            from start in Gen.Elements(places)
            from value in Gen.Elements(values)
            from name in Gen.Elements(names)
            from renamed in Gen.Elements(false, true)
            let length = text.AsSpan(start).IndexOfAny(",]}")
            let forged = renamed
                ? WithName(text, start, name)
                : $"{text[..start]}{value}{text[(start + length)..]}"
            where forged != text
            select Encoding.UTF8.GetBytes(forged)).ToArbitrary();
    }

    /// <summary>With one more property in the object that begins next after a place; as it is after the last.</summary>
    private static string WithName(string text, int from, string name)
    {
        var brace = text.IndexOf('{', from);
        return brace < 0 ? text : $"{text[..(brace + 1)]}{name}:1{(text[brace + 1] == '}' ? "" : ",")}{text[(brace + 1)..]}";
    }
}
