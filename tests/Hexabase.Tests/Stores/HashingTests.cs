using System.Buffers.Binary;
using System.IO.Hashing;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Hexabase.Tests.Stores;

/// <summary>The stand-in for the package System.IO.Hashing.</summary>
public sealed class HashingTests
{
    // From xxHash's own sanity check (cli/xsum_sanity_check.c): seed 0, prefixes of a generated buffer.
    [Theory]
    [InlineData(0, 0xEF46DB3751D8E999)]
    [InlineData(1, 0xE934A84ADB052768)]
    [InlineData(4, 0x9136A0DCA57457EE)]
    [InlineData(14, 0x8282DCC4994E35C8)]
    [InlineData(222, 0xB641AE8CB691C174)]
    public void XxHash64_gives_the_values_of_its_authors(int length, ulong expected)
    {
        var buffer = new byte[length];
        ulong generator = 2654435761;
        foreach (ref var next in buffer.AsSpan())
        {
            next = (byte)(generator >> 56);
            generator = unchecked(generator * 11400714785074694797);
        }

        Assert.Equal(expected, BinaryPrimitives.ReadUInt64BigEndian(XxHash64.Hash(buffer)));
    }

    [Fact]
    public async Task A_hash_is_fed_alike_by_bytes_and_streams()
    {
        var hash = new Sum();
        hash.Append("ab"u8);
        hash.Append(new MemoryStream([.. "cd"u8]));
        await hash.AppendAsync(new MemoryStream([.. "ef"u8]));

        var expected = Encoding.ASCII.GetBytes("abcdef").Sum(b => b);
        Assert.Equal(expected, BinaryPrimitives.ReadInt32LittleEndian(hash.GetCurrentHash()));
        var destination = new byte[6];
        Assert.Equal(4, hash.GetCurrentHash(destination));
        Assert.Equal(expected, BinaryPrimitives.ReadInt32LittleEndian(destination));
        Assert.Throws<ArgumentException>(() => hash.GetCurrentHash(new byte[3]));
    }

    [Theory]
    [InlineData("Azure.Storage.Common")]
    [InlineData("Azure.Storage.Blobs")]
    [InlineData("Yarp.ReverseProxy")]
    public void Everything_that_a_package_asks_for_is_there(string assembly)
    {
        var here = typeof(XxHash64).Assembly;
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var reader = file.GetMetadataReader();
        var wanted = reader.AssemblyReferences.Single(a => reader.GetString(reader.GetAssemblyReference(a).Name) == "System.IO.Hashing");
        Assert.True(here.GetName().Version >= reader.GetAssemblyReference(wanted).Version);

        var asked = 0;
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference || reader.GetTypeReference((TypeReferenceHandle)member.Parent) is var type
                && type.ResolutionScope != (EntityHandle)wanted)
            {
                continue;
            }
            asked++;
            var signature = reader.GetBlobReader(member.Signature);
            signature.ReadSignatureHeader();
            var parameters = signature.ReadCompressedInteger();
            var found = here.GetType($"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}", throwOnError: true)!
                .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static);
            Assert.Contains(found.OfType<MethodBase>(), m => m.Name == reader.GetString(member.Name) && m.GetParameters().Length == parameters);
        }
        Assert.NotEqual(0, asked);
    }

    private sealed class Sum() : NonCryptographicHashAlgorithm(sizeof(int))
    {
        private int sum;

        public override void Append(ReadOnlySpan<byte> source)
        {
            foreach (var b in source)
                sum += b;
        }

        public override void Reset() => sum = 0;

        protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteInt32LittleEndian(destination, sum);
    }
}
