namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads size, costs, account and end of data, with their defaults.</summary>
internal static class AccountReader
{
    private const double DefaultCash = 100_000;
    private const double DefaultLeverage = 30;
    private const double DefaultUnits = 10_000;
    private const double MostMoney = 1e12;
    private const double MostUnits = 1e9;
    private const double MostLeverage = 1_000;

    public static AccountTerms Read(JsonReader root)
    {
        var costs = ReadCosts(root);
        var size = ReadSize(root);
        if (size.IsFraction && costs.CommissionFixed > 0)
            root.Refuse("size", "a fraction of buying power goes only with costs.commission_fixed 0");
        var (cash, leverage) = ReadAccount(root);
        return new AccountTerms(cash, leverage, size, costs, ReadEndOfData(root));
    }

    private static TradingCosts ReadCosts(JsonReader root)
    {
        if (root.OptionalObject("costs") is not { } section)
            return new TradingCosts(0, 0, 0);
        var costs = new TradingCosts(
            section.OptionalNumber("spread", 0, 0.1) ?? 0,
            section.OptionalNumber("commission_fixed", 0, 1e6) ?? 0,
            section.OptionalNumber("commission_rate", 0, 0.1) ?? 0);
        section.RefuseTheRest();
        return costs;
    }

    private static PositionSize ReadSize(JsonReader root)
    {
        if (root.OptionalObject("size") is not { } section)
            return new PositionSize(IsFraction: false, DefaultUnits);
        var type = section.Text("type", text => text is "units" or "fraction", "units or fraction (of buying power)");
        var size = new PositionSize(type == "fraction", section.Number("value", 0, MostUnits));
        if (size.IsFraction && size.Value is not (> 0 and < 1))
            section.Refuse("value", "expected a fraction between 0 and 1");
        else if (type == "units" && (size.Value < 1 || size.Value != Math.Floor(size.Value)))
            section.Refuse("value", "expected whole units, at least 1");
        section.RefuseTheRest();
        return size;
    }

    private static (double Cash, double Leverage) ReadAccount(JsonReader root)
    {
        if (root.OptionalObject("account") is not { } section)
            return (DefaultCash, DefaultLeverage);
        var cash = section.OptionalNumber("cash", 1, MostMoney) ?? DefaultCash;
        var leverage = section.OptionalNumber("leverage", 1, MostLeverage);
        var margin = section.OptionalNumber("margin", 1 / MostLeverage, 1);
        if (leverage is not null && margin is not null)
            section.Refuse("margin", "is 1 / leverage; give one of the two");
        section.RefuseTheRest();
        return (cash, leverage ?? 1 / margin ?? DefaultLeverage);
    }

    private static EndOfData ReadEndOfData(JsonReader root)
    {
        var text = root.OptionalText("end_of_data") ?? "last_close";
        if (text is not ("last_close" or "last_open"))
            root.Refuse("end_of_data", "expected last_close or last_open");
        return text == "last_open" ? EndOfData.LastOpen : EndOfData.LastClose;
    }
}
