namespace Hexabase.Backtesting.Indicators;

/// <summary>The series that an indicator reads, up to three, all of one length.</summary>
public readonly ref struct InputSeries
{
    public InputSeries(ReadOnlySpan<double> first, ReadOnlySpan<double> second = default, ReadOnlySpan<double> third = default)
    {
        First = first;
        Second = second;
        Third = third;
    }

    public ReadOnlySpan<double> First { get; }

    public ReadOnlySpan<double> Second { get; }

    public ReadOnlySpan<double> Third { get; }
}
