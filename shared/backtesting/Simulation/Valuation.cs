using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What an account is worth at a price, as long as its position stays as it is.</summary>
/// <param name="Units">Signed: negative when short, 0 when flat; times the rate when the quote currency is converted at a fixed one.</param>
/// <param name="IsInBase">Whether the account is in the base currency, so that profit is divided by the price.</param>
internal readonly record struct Valuation(double Cash, double Units, double EntryPrice, bool IsInBase)
{
    public static Valuation Of(double cash) => new(cash, 0, 0, IsInBase: false);

    public double At(double price) => IsInBase
        ? Cash + (((price * Units) - (Units * EntryPrice)) / price)
        : Cash + (price * Units) - (Units * EntryPrice);

    /// <summary>The same at four prices, rounded alike.</summary>
    public Vector256<double> At(Vector256<double> prices)
    {
        var (cash, moved) = (Vector256.Create(Cash), prices * Vector256.Create(Units));
        var paid = Vector256.Create(Units * EntryPrice);
        return IsInBase ? cash + ((moved - paid) / prices) : cash + moved - paid;
    }
}
