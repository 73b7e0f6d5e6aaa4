using System.Numerics;

namespace Hexabase.Backtesting.Randomness;

/// <summary>What a stream of random numbers is for: each draws its own, so that one more draw here moves nothing there.</summary>
public enum RandomStream
{
    Slippage = 1,
    MonteCarlo = 2,
    Search = 3,
}

/// <summary>
/// xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64: whole-number arithmetic only, so the same seed gives the same numbers
/// everywhere and for ever.
/// </summary>
public sealed class SeededRandom
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private ulong s0, s1, s2, s3;

    public SeededRandom(long seed, RandomStream stream)
    {
        var state = unchecked((ulong)seed + ((ulong)stream << 56));
        (s0, s1, s2, s3) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    /// <summary>Begins with a state as it is; not all of it 0.</summary>
    internal SeededRandom(ulong s0, ulong s1, ulong s2, ulong s3) => (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = unchecked(BitOperations.RotateLeft(s1 * 5, 7) * 9);
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number from 0 up to, not including, 1: a multiple of 2^-53.</summary>
    public double NextFraction() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 up to, not including, <paramref name="limit"/>, each equally likely to within 2^-32.</summary>
    public int NextBelow(int limit) => (int)Math.BigMul(NextBits(), (ulong)limit, out _);

    /// <summary>The next number of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    internal static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            var z = state += GoldenRatio;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
