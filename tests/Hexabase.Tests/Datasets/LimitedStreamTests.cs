using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Datasets;

namespace Hexabase.Tests.Datasets;

public sealed class LimitedStreamTests
{
    [Fact]
    public void It_passes_on_everything_up_to_the_limit_and_tells_whether_there_was_more() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(0, 20).ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (bytes, limit, bufferSize) =>
            {
                using var source = new MemoryStream(bytes);
                using var limited = new LimitedStream(source, limit);
                using var copy = new MemoryStream();
                limited.CopyTo(copy, bufferSize);
                return copy.ToArray().SequenceEqual(bytes.Take(limit))
                    && limited.Exceeded == bytes.Length > limit
                    && source.Position <= limit + 1;
            }).QuickCheckThrowOnFailure();
}
