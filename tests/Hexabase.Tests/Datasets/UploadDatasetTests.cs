using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Datasets;

public sealed class UploadDatasetTests : DatasetTest
{
    [Fact]
    public async Task Candles_are_stored_under_the_hash_of_their_normalized_form()
    {
        var csv = DatasetArea.Candles(48);
        var uploaded = (await Area.Send(await Area.Account(), csv)).Value();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv))), uploaded.DatasetHash);
        Assert.Equal(csv, Encoding.UTF8.GetString((await Area.Blobs.Read(Dataset.BlobPath(uploaded.DatasetHash), default))!.Value.Span));
        var stored = (await Dataset.Read(Area.Documents, uploaded.DatasetHash, default))!.Value;
        Assert.Equal((48, "H1", "EURUSD", false), (stored.Rows, stored.Timeframe, stored.Pair, stored.Synthetic));
    }

    [Fact]
    public async Task What_was_found_is_reported_gaps_too()
    {
        var rows = DatasetArea.Candles(48).Split('\n');
        var gapped = string.Join('\n', rows[..10].Concat(rows[15..]));
        var uploaded = (await Area.Send(await Area.Account(), gapped)).Value();
        Assert.Equal((43, "H1", 1L), (uploaded.Rows, uploaded.Timeframe, uploaded.GapCount));
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), uploaded.From);
        Assert.Equal(new DateTimeOffset(2026, 1, 6, 23, 0, 0, TimeSpan.Zero), uploaded.To);
        Assert.Equal(TimeSpan.FromHours(6), Assert.Single(uploaded.LargestGaps).Length);
    }

    [Fact]
    public async Task The_same_candles_again_in_whatever_spelling_are_the_same_dataset()
    {
        var account = await Area.Account();
        var first = (await Area.Send(account, DatasetArea.Candles(24))).Value();
        var again = (await Area.Send(account, DatasetArea.Candles(24).Replace('T', ' ').Replace(",1.1,", ",1.10,"))).Value();
        Assert.True(first.Created);
        Assert.False(again.Created);
        Assert.Equal(first.DatasetHash, again.DatasetHash);
        Assert.Single(await Area.Listed(account));
    }

    [Fact]
    public async Task Each_account_has_the_dataset_under_its_own_name()
    {
        var (one, other) = (await Area.Account(), await Area.Account());
        await Area.Send(one, DatasetArea.Candles(24), name: "One");
        await Area.Send(other, DatasetArea.Candles(24), name: "Other");
        Assert.Equal("One", Assert.Single(await Area.Listed(one)).Name);
        Assert.Equal("Other", Assert.Single(await Area.Listed(other)).Name);
    }

    [Fact]
    public async Task Gzip_is_unpacked()
    {
        var account = await Area.Account();
        var plain = (await Area.Send(account, DatasetArea.Candles(24))).Value();
        var packed = (await Area.Send(account, new MemoryStream(DatasetArea.Gzip(DatasetArea.Candles(24))))).Value();
        Assert.Equal(plain.DatasetHash, packed.DatasetHash);
    }

    [Fact]
    public async Task Gzip_that_was_cut_off_anywhere_is_refused()
    {
        var account = await Area.Account();
        var packed = DatasetArea.Gzip(DatasetArea.Candles(200));
        for (var length = 2; length < packed.Length; length += 7)
            Assert.Equal("DATASET_INVALID", (await Area.Send(account, new MemoryStream(packed[..length]))).Refusal().Code);
    }

    [Fact]
    public async Task Rows_that_break_rules_are_named_by_their_line_and_nothing_is_stored()
    {
        var account = await Area.Account();
        var rows = DatasetArea.Candles(24).Split('\n');
        rows[3] = rows[3].Replace(",1.2,", ",0.5,");
        rows[7] = "nonsense";
        var refusal = (await Area.Send(account, string.Join('\n', rows))).Refusal();
        Assert.Equal((RefusalKind.Unprocessable, "DATASET_INVALID", 2L), (refusal.Kind, refusal.Code, refusal.Members!["total"]));
        Assert.Equal([4L, 8L], ((IEnumerable)refusal.Members["rows"]).Cast<InvalidRow>().Select(row => row.Line));
        Assert.Empty(await Area.Listed(account));
    }

    [Fact]
    public async Task Of_many_bad_rows_the_first_20_are_named_and_all_are_counted()
    {
        var csv = "time,open,high,low,close,volume\n" + string.Concat(Enumerable.Repeat("nonsense\n", 50));
        var refusal = (await Area.Send(await Area.Account(), csv)).Refusal();
        Assert.Equal(20, ((ICollection)refusal.Members!["rows"]).Count);
        Assert.Equal(50L, refusal.Members["total"]);
    }

    [Fact]
    public async Task An_announced_length_over_the_plans_limit_is_refused_without_reading()
    {
        await using var body = new EndlessRows();
        var refusal = (await Area.Send(await Area.Account(), body, contentLength: (16 << 20) + 1)).Refusal();
        Assert.Equal(new DatasetTooLarge(16 << 20), refusal);
        Assert.Equal(0, body.BytesRead);
    }

    [Fact]
    public async Task A_body_over_the_plans_limit_is_read_to_the_limit_and_no_further()
    {
        await using var body = new EndlessRows();
        var refusal = (await Area.Send(await Area.Account(), body)).Refusal();
        Assert.Equal((RefusalKind.TooLarge, "DATASET_TOO_LARGE"), (refusal.Kind, refusal.Code));
        Assert.InRange(body.BytesRead, 16 << 20, (16 << 20) + 1);
    }

    [Fact]
    public async Task Unpacked_bytes_count_too()
    {
        var rows = string.Concat(Enumerable.Repeat(EndlessRows.Row, (16 << 20) / EndlessRows.Row.Length));
        var bomb = DatasetArea.Gzip("time,open,high,low,close,volume\n" + rows);
        Assert.InRange(bomb.Length, 0, 1 << 20);
        Assert.Equal(new DatasetTooLarge(16 << 20), (await Area.Send(await Area.Account(), new MemoryStream(bomb))).Refusal());
    }

    [Fact]
    public async Task A_larger_plan_takes_more()
    {
        await using var body = new EndlessRows();
        var refusal = (await Area.Send(await Area.Account(PlanName.Starter), body, contentLength: (16 << 20) + 1)).Refusal();
        Assert.Equal("DATASET_TOO_LARGE", refusal.Code);
        Assert.InRange(body.BytesRead, 64 << 20, (64 << 20) + 1);
    }

    [Theory]
    [InlineData("", "EURUSD", "H1", "name")]
    [InlineData(" ", "EURUSD", "H1", "name")]
    [InlineData("Mine", "eurusd", "H1", "pair")]
    [InlineData("Mine", "EUR/USD", "H1", "pair")]
    [InlineData("Mine", "EURUSD", "1h", "timeframe")]
    [InlineData("Mine", "EURUSD", "M15", "timeframe")] // the candles are H1
    public async Task Bad_input_is_refused_by_its_field(string name, string? pair, string? timeframe, string field)
    {
        var refusal = (await Area.Send(await Area.Account(), DatasetArea.Candles(24), name, pair, timeframe)).Refusal();
        Assert.Equal((RefusalKind.Invalid, field), (refusal.Kind, refusal.Field));
    }

    [Fact]
    public async Task An_empty_body_is_invalid() =>
        Assert.Equal("DATASET_INVALID", (await Area.Send(await Area.Account(), "")).Refusal().Code);

    [Fact]
    public async Task A_token_of_an_account_that_is_gone_is_refused() =>
        Assert.Equal(new AccountGone(), (await Area.Send(Ids.NewAccount(), DatasetArea.Candles(24))).Refusal());

    /// <summary>Rows without end, each in the wrong order but well-formed at first sight.</summary>
    private sealed class EndlessRows : Stream
    {
        public const string Row = "2026-01-05T00:00:00Z,1.1,1.2,1.0,1.1,1\n";

        private static readonly byte[] Rows = Encoding.UTF8.GetBytes(Row);

        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
                buffer[offset + i] = Rows[(BytesRead + i) % Rows.Length];
            BytesRead += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
