namespace Hexabase.Backtesting.Evaluation;

/// <summary>Steps in an order in which each comes after those it reads; immutable.</summary>
/// <param name="Steps">Every column to compute.</param>
/// <param name="LastUse">For each step, the last step that reads it; <see cref="Forever"/> for those read by the simulation.</param>
/// <param name="PeakColumns">Most columns of numbers alive at once.</param>
internal sealed record Plan(IReadOnlyList<Step> Steps, IReadOnlyList<int> LastUse, int PeakColumns)
{
    public const int Forever = int.MaxValue;
}
