namespace Hexabase.Backtesting.Strategies;

/// <summary>The currency of an account, seen from the quote currency of the pair it trades.</summary>
/// <param name="IsBase">
/// Whether it is the pair's base currency: money of the quote currency is divided by the price it was made at.
/// </param>
/// <param name="QuoteRate">Otherwise: account money for one unit of the quote currency, the same all the time; 1 when they are one.</param>
public readonly record struct AccountCurrency(bool IsBase, double QuoteRate)
{
    /// <summary>The account is in the quote currency: nothing is converted.</summary>
    public static AccountCurrency Quote => new(IsBase: false, 1);

    /// <summary>Money of the quote currency as money of the account.</summary>
    /// <param name="price">The pair's price at that moment.</param>
    internal double FromQuote(double money, double price) => IsBase ? money / price : money * QuoteRate;
}
