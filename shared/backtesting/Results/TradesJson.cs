using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Results;

/// <summary>The table of trades.</summary>
internal static class TradesJson
{
    public static void Write(ref CanonicalWriter json, IReadOnlyList<Trade> trades)
    {
        json.BeginTable(
            "direction", "units", "entry_bar", "exit_bar", "entry_time", "exit_time", "entry_price", "exit_price",
            "stop_loss", "take_profit", "pnl", "commission", "swap", "return_pct", "exit_reason");
        foreach (var trade in trades)
        {
            json.BeginArray();
            json.Text(trade.Direction == Direction.Long ? "long"u8 : "short"u8);
            json.Number(trade.Units);
            json.Number(trade.EntryBar);
            json.Number(trade.ExitBar);
            json.Time(trade.EntryTime);
            json.Time(trade.ExitTime);
            json.Number(trade.EntryPrice);
            json.Number(trade.ExitPrice);
            json.Number(trade.StopLoss);
            json.Number(trade.TakeProfit);
            json.Number(trade.Pnl);
            json.Number(trade.Commission);
            json.Number(trade.Swap);
            json.Number(trade.ReturnPct);
            json.Text(NameOf(trade.ExitReason));
            json.EndArray();
        }
        json.EndTable();
    }

    private static ReadOnlySpan<byte> NameOf(ExitReason reason) => reason switch
    {
        ExitReason.Signal => "signal"u8,
        ExitReason.StopLoss => "stop_loss"u8,
        ExitReason.StopLossGap => "stop_loss_gap"u8,
        ExitReason.TakeProfit => "take_profit"u8,
        ExitReason.TakeProfitGap => "take_profit_gap"u8,
        ExitReason.TrailingStop => "trailing_stop"u8,
        ExitReason.TrailingStopGap => "trailing_stop_gap"u8,
        ExitReason.TimeLimit => "time_limit"u8,
        ExitReason.SessionEnd => "session_end"u8,
        ExitReason.Bust => "bust"u8,
        _ => "end_of_data"u8,
    };
}
