using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>How a search finds out whether what it chose holds on candles that had no part in the choice.</summary>
internal abstract record Validation
{
    private Validation()
    {
    }

    /// <summary>How many backtests a search over so many sets takes.</summary>
    public abstract UInt128 Evaluations(UInt128 sets);

    /// <summary>How many times a set is chosen and measured once more.</summary>
    public virtual int Windows => 0;

    /// <summary>Where the candles are divided; none when they are not.</summary>
    public abstract IReadOnlyList<Fold> Folds(int bars);

    /// <summary>The parts on which every set is measured; on the first one they are compared.</summary>
    public abstract IReadOnlyList<BarRange> Parts(int bars);

    /// <summary>Not at all: every set is measured on all candles.</summary>
    public sealed record None : Validation
    {
        public override UInt128 Evaluations(UInt128 sets) => sets;

        public override IReadOnlyList<Fold> Folds(int bars) => [];

        public override IReadOnlyList<BarRange> Parts(int bars) => [new BarRange(0, bars)];
    }

    /// <summary>Sets are compared on the candles before; each is measured on the last ones as well.</summary>
    /// <param name="Share">Of the candles, that of the last ones.</param>
    public sealed record OutOfSample(double Share) : Validation
    {
        public const double DefaultShare = 0.3;

        public override UInt128 Evaluations(UInt128 sets) => 2 * sets;

        public override IReadOnlyList<Fold> Folds(int bars)
        {
            var border = bars - (int)(bars * Share);
            return [new Fold(new BarRange(0, border), new BarRange(border, bars))];
        }

        public override IReadOnlyList<BarRange> Parts(int bars) => [Folds(bars)[0].InSample, Folds(bars)[0].OutOfSample];
    }

    /// <summary>
    /// Windows of one length, each with a part in which the best set is found and a part after it in which that set is measured. The
    /// latter follow each other without a gap to the last candle; the few candles that do not divide come before the first window. Besides,
    /// every set is measured on all candles.
    /// </summary>
    /// <param name="InSampleShare">Of the candles of one window, that of its first part.</param>
    public sealed record WalkForward(int Windows, double InSampleShare) : Validation
    {
        public override int Windows { get; } = Windows;

        public const int DefaultWindows = 5;
        public const double DefaultInSampleShare = 0.7;

        public override UInt128 Evaluations(UInt128 sets) => (sets * (uint)(Windows + 1)) + (uint)Windows;

        public override IReadOnlyList<Fold> Folds(int bars)
        {
            var outShare = 1 - InSampleShare;
            var step = (int)(bars * outShare / (InSampleShare + (Windows * outShare)));
            var inSample = (int)Math.Round(step * InSampleShare / outShare);
            var first = bars - (Windows * step) - inSample;
            return
            [
                .. Enumerable.Range(0, Windows).Select(window => first + (window * step)).Select(
                    from => new Fold(new BarRange(from, from + inSample), new BarRange(from + inSample, from + inSample + step))),
            ];
        }

        public override IReadOnlyList<BarRange> Parts(int bars) => [new BarRange(0, bars), .. Folds(bars).Select(fold => fold.InSample)];
    }
}

/// <summary>Candles to choose on and, after them, candles to check the choice on.</summary>
internal readonly record struct Fold(BarRange InSample, BarRange OutOfSample);
