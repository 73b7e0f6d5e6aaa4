namespace Hexabase.Backtesting.Simulation;

/// <summary>The bars from <paramref name="From"/> up to, not including, <paramref name="Until"/>.</summary>
internal readonly record struct BarRange(int From, int Until)
{
    public int Count => Until - From;
}
