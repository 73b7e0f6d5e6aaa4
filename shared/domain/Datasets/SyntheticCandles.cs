using System.Buffers.Text;
using System.Numerics;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Domain.Datasets;

/// <summary>One built-in dataset of invented candles.</summary>
/// <param name="Name">Says that it is synthetic, as <c>SYNTHETIC EURUSD H1</c>.</param>
/// <param name="Csv">In the normalized form.</param>
public sealed record SyntheticDataset(string Name, string Pair, string Timeframe, byte[] Csv);

/// <summary>
/// Candles that no market ever made, to try strategies on: a random walk in whole ticks with calm and lively spells, weekends
/// left out. Integers only and a generator of its own, so that they are the same bytes on every machine.
/// </summary>
public static class SyntheticCandles
{
    private const int StepsPerBar = 8;

    /// <summary>A price this many ticks off its middle is drawn back by one tick a step, twice as far by two, and so on.</summary>
    private const long Pull = 4_096;

    private const long Day = 86_400;
    private const long Monday2014 = 1_388_966_400; // 2014-01-06T00:00:00Z
    private const long Monday2023 = 1_672_617_600; // 2023-01-02T00:00:00Z

    // Middle price and liveliness in ticks; a tick is the last decimal of a quote, a tenth of a pip.
    private static readonly Market[] Markets =
    [
        new("EURUSD", Decimals: 5, Middle: 108_500, HourlyTicks: 110),
        new("USDJPY", Decimals: 3, Middle: 141_500, HourlyTicks: 170),
        new("GBPUSD", Decimals: 5, Middle: 125_500, HourlyTicks: 140),
        new("AUDUSD", Decimals: 5, Middle: 66_500, HourlyTicks: 85),
        new("USDCHF", Decimals: 5, Middle: 89_500, HourlyTicks: 95),
        new("USDCAD", Decimals: 5, Middle: 134_500, HourlyTicks: 105),
    ];

    // Ticks of a bar grow with the square root of its length: 1/2 for a quarter of an hour, 5 for a day.
    private static readonly Frame[] Frames =
    [
        new("M15", Monday2023, Seconds: 900, Bars: 10_000, Numerator: 1, Denominator: 2),
        new("H1", Monday2023, Seconds: 3_600, Bars: 5_000, Numerator: 1, Denominator: 1),
        new("D1", Monday2014, Seconds: Day, Bars: 2_500, Numerator: 5, Denominator: 1),
    ];

    /// <summary>Six major pairs in M15, H1 and D1, made one at a time as they are asked for.</summary>
    public static IEnumerable<SyntheticDataset> All()
    {
        for (var market = 0; market < Markets.Length; market++)
        {
            for (var frame = 0; frame < Frames.Length; frame++)
                yield return Generate(Markets[market], Frames[frame], seed: (ulong)((market * Frames.Length) + frame + 1));
        }
    }

    private static SyntheticDataset Generate(Market market, Frame frame, ulong seed)
    {
        var random = new SplitMix64(seed);
        var lines = new LineWriter(frame.Bars, market.Decimals);
        long price = market.Middle, time = frame.First;
        long usual = market.HourlyTicks * frame.Numerator / frame.Denominator, lively = usual;
        for (var bar = 0; bar < frame.Bars; bar++)
        {
            var isAfterWeekend = SkipWeekend(ref time);
            lively = Math.Clamp(lively + (random.Bell() * usual / 64), usual / 2, usual * 2);
            if (isAfterWeekend)
                price += random.Bell() * usual / 8;
            long open = price, high = price, low = price;
            for (var step = 0; step < StepsPerBar; step++)
            {
                price += (random.Bell() * lively / 12) + ((market.Middle - price) / Pull);
                high = Math.Max(high, price);
                low = Math.Min(low, price);
            }
            lines.Add(time, open, high, low, price, volume: 200 + (high - low) + (long)(random.Next() % 200));
            time += frame.Seconds;
        }
        return new SyntheticDataset($"SYNTHETIC {market.Pair} {frame.Name}", market.Pair, frame.Name, lines.ToArray());
    }

    /// <summary>Moves a time on Saturday or Sunday to Monday; true when it did.</summary>
    private static bool SkipWeekend(ref long time)
    {
        var daysAfterMonday = ((time / Day) + 3) % 7; // 1970-01-01 was a Thursday.
        if (daysAfterMonday < 5)
            return false;
        time += (7 - daysAfterMonday) * Day;
        return true;
    }

    private sealed record Market(string Pair, int Decimals, long Middle, long HourlyTicks);

    private sealed record Frame(string Name, long First, long Seconds, int Bars, long Numerator, long Denominator);

    /// <summary>Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.</summary>
    private sealed class SplitMix64(ulong seed)
    {
        private ulong state = seed;

        public ulong Next()
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        /// <summary>A bell around 0 with standard deviation 4: heads above half in 64 tosses.</summary>
        public long Bell() => BitOperations.PopCount(Next()) - 32;
    }

    /// <summary>Writes whole ticks as decimals without idle zeros, the normalized form.</summary>
    private sealed class LineWriter
    {
        private const int LongestLine = 80;
        private readonly byte[] text;
        private readonly int decimals;
        private readonly long ticksPerUnit;
        private int used;

        public LineWriter(int bars, int decimals)
        {
            this.decimals = decimals;
            ticksPerUnit = 1;
            for (var i = 0; i < decimals; i++)
                ticksPerUnit *= 10;
            text = new byte[LongestLine * (bars + 1)];
            used = System.Text.Encoding.ASCII.GetBytes(Candles.Header + "\n", text);
        }

        public void Add(long time, long open, long high, long low, long close, long volume)
        {
            UtcTime.Write(time, text.AsSpan(used));
            used += UtcTime.TextLength;
            Price(open);
            Price(high);
            Price(low);
            Price(close);
            text[used++] = (byte)',';
            Whole(volume);
            text[used++] = (byte)'\n';
        }

        public byte[] ToArray() => text[..used];

        private void Price(long ticks)
        {
            text[used++] = (byte)',';
            Whole(ticks / ticksPerUnit);
            var fraction = ticks % ticksPerUnit;
            if (fraction == 0)
                return;
            text[used++] = (byte)'.';
            var digits = decimals;
            for (; fraction % 10 == 0; fraction /= 10)
                digits--;
            for (var at = used + digits - 1; at >= used; at--, fraction /= 10)
                text[at] = (byte)('0' + (fraction % 10));
            used += digits;
        }

        private void Whole(long number)
        {
            Utf8Formatter.TryFormat(number, text.AsSpan(used), out var written);
            used += written;
        }
    }
}
