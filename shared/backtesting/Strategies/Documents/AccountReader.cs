using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads the account and the end of data, with their defaults.</summary>
internal static class AccountReader
{
    private const double DefaultCash = 100_000;
    private const double DefaultLeverage = 30;
    private const double MostMoney = 1e12;
    private const double MostLeverage = 1_000;
    private const double SmallestRate = 1e-6;
    private const double LargestRate = 1e6;

    public static AccountTerms Read(JsonReader root, CurrencyPair pair, PositionSize size)
    {
        var costs = CostsReader.Read(root, pair);
        if (size.Measure == SizeMeasure.Fraction && costs.CommissionFixed > 0)
            root.Refuse("size", "a fraction of buying power goes only with costs.commission_fixed 0");
        var (cash, leverage, currency) = ReadAccount(root, pair);
        return new AccountTerms(cash, leverage, size, costs, ReadEndOfData(root), currency);
    }

    private static (double Cash, double Leverage, AccountCurrency Currency) ReadAccount(JsonReader root, CurrencyPair pair)
    {
        if (root.OptionalObject("account") is not { } section)
            return (DefaultCash, DefaultLeverage, AccountCurrency.Quote);
        var cash = section.OptionalNumber("cash", 1, MostMoney) ?? DefaultCash;
        var leverage = section.OptionalNumber("leverage", 1, MostLeverage);
        var margin = section.OptionalNumber("margin", 1 / MostLeverage, 1);
        if (leverage is not null && margin is not null)
            section.Refuse("margin", "is 1 / leverage; give one of the two");
        var currency = ReadCurrency(section, pair);
        section.RefuseTheRest();
        return (cash, leverage ?? 1 / margin ?? DefaultLeverage, currency);
    }

    private static AccountCurrency ReadCurrency(JsonReader section, CurrencyPair pair)
    {
        var code = section.OptionalText("currency") ?? pair.Quote;
        var rate = section.OptionalNumber("quote_rate", SmallestRate, LargestRate);
        if (!CurrencyPair.IsCode(code))
            section.Refuse("currency", "expected three capital letters, as in USD");
        else if (code == pair.Quote || code == pair.Base)
            RefuseRate(section, rate, $"is known for {code}: {pair.Name} has it");
        else if (section.Optional("quote_rate") is null)
            section.Refuse("quote_rate", $"is missing: {code} for one {pair.Quote}");
        return code == pair.Base ? new AccountCurrency(IsBase: true, 1) : new AccountCurrency(IsBase: false, rate ?? 1);
    }

    private static void RefuseRate(JsonReader section, double? rate, string reason)
    {
        if (rate is not null)
            section.Refuse("quote_rate", reason);
    }

    private static EndOfData ReadEndOfData(JsonReader root)
    {
        var text = root.OptionalText("end_of_data") ?? "last_close";
        if (text is not ("last_close" or "last_open"))
            root.Refuse("end_of_data", "expected last_close or last_open");
        return text == "last_open" ? EndOfData.LastOpen : EndOfData.LastClose;
    }
}
