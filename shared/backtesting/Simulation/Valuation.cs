using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What an account is worth at a price, as long as its position stays as it is.</summary>
/// <param name="Units">Signed: negative when short, 0 when flat.</param>
internal readonly record struct Valuation(double Cash, double Units, double EntryPrice)
{
    public double At(double price) => Cash + (price * Units) - (Units * EntryPrice);

    /// <summary>The same at four prices, rounded alike.</summary>
    public Vector256<double> At(Vector256<double> prices) =>
        Vector256.Create(Cash) + (prices * Vector256.Create(Units)) - Vector256.Create(Units * EntryPrice);
}
