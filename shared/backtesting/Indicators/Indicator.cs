namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// A series made from others, bar by bar and looking back only. Equal records compute equal values. A value that is not
/// finite (a division by zero upstream) is undefined: the indicator is undefined there and takes up again after it.
/// </summary>
public abstract record Indicator
{
    /// <summary>How many bars after the first bar at which all inputs are defined the first value is defined.</summary>
    public abstract int WarmUp { get; }

    /// <summary>About how many values one bar takes: more than 1 where a window is gone through anew at every bar.</summary>
    public virtual int WorkPerBar => 1;

    /// <summary>Fills <paramref name="result"/>, NaN where undefined, from series of the same length.</summary>
    public abstract void Compute(InputSeries inputs, Span<double> result);

    /// <summary>The index of the first defined value; the length when there is none.</summary>
    protected static int FirstDefined(ReadOnlySpan<double> input)
    {
        var at = 0;
        while (at < input.Length && !double.IsFinite(input[at]))
            at++;
        return at;
    }
}
