using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>How many units an entry is for, and whether the account can carry them.</summary>
internal static class Sizing
{
    /// <summary>Whole units; 0 when the order is refused.</summary>
    /// <param name="cash">Of the account, which has no position.</param>
    /// <param name="open">Where the bar opened; what the commission in the margin is taken from.</param>
    /// <param name="price">What the entry pays.</param>
    /// <param name="risk">The move against it that <see cref="SizeMeasure.Risk"/> counts with, in price units.</param>
    public static double Units(AccountTerms terms, double cash, double open, double price, double risk)
    {
        if (price <= 0)
            return 0;
        var size = terms.Size.Value;
        var unitPrice = terms.Currency.FromQuote(price, price);
        var buyingPower = Math.Max(0, cash) * terms.Leverage;
        var units = terms.Size.Measure switch
        {
            SizeMeasure.Cash => FloorDivide(size, unitPrice),
            SizeMeasure.Risk => FloorDivide(Math.Max(0, cash) * size / 100, terms.Currency.FromQuote(risk, price)),
            SizeMeasure.Fraction => FloorDivide(buyingPower * size, UnitCost(terms, size, open, unitPrice)),
            _ => size,
        };
        return units > 0 && units * UnitCost(terms, terms.Size.Measure == SizeMeasure.Fraction ? size : units, open, unitPrice) <= buyingPower
            ? units
            : 0;
    }

    /// <summary>What one unit takes of the buying power: its price and its share of the commission.</summary>
    /// <param name="ordered">Units, or the fraction that was asked for.</param>
    private static double UnitCost(AccountTerms terms, double ordered, double open, double unitPrice) =>
        unitPrice + (terms.Commission(ordered, open) / ordered);

    /// <summary>
    /// The whole number of times that <paramref name="divisor"/> fits, as Python's <c>//</c>: from the exact remainder, where
    /// rounding the quotient first could give one too many.
    /// </summary>
    private static double FloorDivide(double dividend, double divisor)
    {
        var quotient = (dividend - (dividend % divisor)) / divisor;
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
