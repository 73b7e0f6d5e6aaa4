using System.Globalization;

namespace Hexabase.Domain.Billing;

/// <summary>
/// A usage month of plan elite that is over. Document <see cref="DocumentIdOf"/> in the account's partition. Its runs beyond the included
/// ones are what product rule 4 bills: that figure, not a sum of ledger entries, is the bill's one source.
/// </summary>
/// <param name="Serial">Which of the account's usage months it is, see <see cref="Quota.UsageMonthSerial"/>.</param>
/// <param name="Start">Its first day.</param>
/// <param name="Runs">All its runs, less those that were given back.</param>
/// <param name="Included">How many of them cost nothing more.</param>
public sealed record UsageMonth(int Serial, DateOnly Start, int Runs, int Included)
{
    /// <summary>Runs beyond the included ones.</summary>
    public int Overage => Math.Max(0, Runs - Included);

    public static string DocumentIdOf(int serial) => string.Create(CultureInfo.InvariantCulture, $"usage-month:{serial:D6}");

    /// <summary>First day of the usage month that contains <paramref name="day"/>.</summary>
    public static DateOnly StartFor(DateOnly anchor, DateOnly day)
    {
        var inThisMonth = Turn(anchor, day.Year, day.Month);
        if (inThisMonth <= day)
            return inThisMonth;
        var previous = day.AddMonths(-1);
        return Turn(anchor, previous.Year, previous.Month);
    }

    /// <summary>First day of the usage month after the one that contains <paramref name="day"/>.</summary>
    public static DateOnly NextStart(DateOnly anchor, DateOnly day)
    {
        var inThisMonth = Turn(anchor, day.Year, day.Month);
        if (inThisMonth > day)
            return inThisMonth;
        var next = new DateOnly(day.Year, day.Month, 1).AddMonths(1);
        return Turn(anchor, next.Year, next.Month);
    }

    private static DateOnly Turn(DateOnly anchor, int year, int month) =>
        new(year, month, Math.Min(anchor.Day, DateTime.DaysInMonth(year, month)));
}
