namespace Hexabase.Domain.Datasets;

/// <summary>
/// Reads another stream up to a number of bytes and then ends, whether or not the other one does: <see cref="Exceeded"/> tells. Nothing
/// is read beyond the one byte that proves it.
/// </summary>
internal sealed class LimitedStream(Stream inner, long limit) : Stream
{
    private long left = limit;

    /// <summary>True when there was more than the limit.</summary>
    public bool Exceeded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Exceeded || buffer.IsEmpty)
            return 0;
        var most = (int)Math.Min(buffer.Length, left + 1);
        var read = await inner.ReadAsync(buffer[..most], cancellationToken);
        return Count(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Exceeded || count == 0)
            return 0;
        return Count(inner.Read(buffer, offset, (int)Math.Min(count, left + 1)));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int read)
    {
        Exceeded = read > left;
        var within = (int)Math.Min(read, left);
        left -= within;
        return within;
    }
}
