using System.Diagnostics.CodeAnalysis;

namespace Hexabase.Backtesting.Results;

/// <summary>Which way a position profits.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "Long and short are what traders call them.")]
public enum Direction
{
    Long,
    Short,
}

/// <summary>Why a position was closed.</summary>
public enum ExitReason
{
    /// <summary>An exit rule, or an entry the other way.</summary>
    Signal,

    /// <summary>The stop's price was touched.</summary>
    StopLoss,

    /// <summary>The bar opened beyond the stop: filled at the worse open.</summary>
    StopLossGap,

    /// <summary>The target's price was touched.</summary>
    TakeProfit,

    /// <summary>The bar opened beyond the target: filled at the better open.</summary>
    TakeProfitGap,

    /// <summary>The trailing stop's price was touched.</summary>
    TrailingStop,

    /// <summary>The bar opened beyond the trailing stop: filled at the worse open.</summary>
    TrailingStopGap,

    /// <summary>The position had been held as long as the strategy allows.</summary>
    TimeLimit,

    /// <summary>The trading session was over.</summary>
    SessionEnd,

    /// <summary>The account's equity was used up.</summary>
    Bust,

    /// <summary>The candles ended.</summary>
    EndOfData,
}

/// <summary>A position from entry to exit. Prices in the quote currency, money in that of the account.</summary>
/// <param name="Units">Of the base currency, unsigned.</param>
/// <param name="EntryTime">Opening time of the entry bar, Unix seconds.</param>
/// <param name="ExitTime">Opening time of the exit bar, Unix seconds.</param>
/// <param name="EntryPrice">With the spread, and slippage where there is any.</param>
/// <param name="StopLoss">Null when it had none.</param>
/// <param name="TakeProfit">Null when it had none.</param>
/// <param name="Pnl">After commission and swap.</param>
/// <param name="Commission">Of entry and exit together.</param>
/// <param name="Swap">Interest for the nights it was held; below 0 when it was paid.</param>
/// <param name="ReturnPct">The price's move, after commission, in percent of the entry's value.</param>
public readonly record struct Trade(
    Direction Direction,
    double Units,
    int EntryBar,
    int ExitBar,
    long EntryTime,
    long ExitTime,
    double EntryPrice,
    double ExitPrice,
    double? StopLoss,
    double? TakeProfit,
    double Pnl,
    double Commission,
    double Swap,
    double ReturnPct,
    ExitReason ExitReason);

/// <summary>Why an order was not filled.</summary>
public enum Rejection
{
    /// <summary>The stop or target was undefined or on the wrong side of the price, or the risk undefined, when the order was placed.</summary>
    Bracket,

    /// <summary>The account could not carry the position.</summary>
    Margin,

    /// <summary>The session was over before a bar came to fill it in.</summary>
    Session,
}

/// <param name="Bar">Where it was placed (bracket) or was to be filled (margin, session).</param>
public readonly record struct RejectedOrder(int Bar, Rejection Reason);
