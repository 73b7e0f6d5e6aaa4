using System.Buffers;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Results;

/// <summary>
/// The stored form of a result, schema <c>hexabase.result/v1</c>: canonical JSON (RFC 8785) written directly, so its properties
/// stand here in the order of their names. Tables are a list of columns and a list of rows.
/// </summary>
public static class ResultJson
{
    public const string Schema = "hexabase.result/v1";

    /// <summary>Writes the result with the hashes of what it was computed from; the same bytes every time.</summary>
    public static void WriteCanonicalJson(this BacktestResult result, IBufferWriter<byte> output, string codeHash, string datasetHash)
    {
        var json = new Utf8Builder(output);
        json.Raw("{\"bars\":"u8);
        json.Number(result.Bars);
        json.Raw(",\"bars_touching_stop_and_target\":["u8);
        WriteBars(ref json, result.BarsTouchingBoth);
        json.Raw("],\"bars_touching_stop_and_target_count\":"u8);
        json.Number(result.BarsTouchingBothCount);
        json.Raw(",\"bust_bar\":"u8);
        json.NumberOrNull(result.BustBar);
        json.Raw(",\"code_hash\":"u8);
        json.Ascii(codeHash);
        json.Raw(",\"dataset_hash\":"u8);
        json.Ascii(datasetHash);
        json.Raw(",\"end_of_data\":"u8);
        json.Raw(result.EndOfData == EndOfData.LastOpen ? "\"last_open\""u8 : "\"last_close\""u8);
        json.Raw(",\"engine_version\":"u8);
        json.Ascii(EngineVersion.Current);
        json.Raw(",\"equity\":"u8);
        WriteEquity(ref json, result.Equity);
        json.Raw(",\"first_decision_bar\":"u8);
        json.Number(result.FirstDecisionBar);
        json.Raw(",\"metrics\":"u8);
        WriteMetrics(ref json, result.Metrics);
        json.Raw(",\"rejected_orders\":"u8);
        WriteRejected(ref json, result.Rejected);
        json.Raw(",\"rejected_orders_count\":"u8);
        json.Number(result.RejectedCount);
        json.Raw(",\"schema\":"u8);
        json.Ascii(Schema);
        json.Raw(",\"seed\":"u8);
        json.Number(result.Seed);
        json.Raw(",\"trades\":"u8);
        WriteTrades(ref json, result.Trades);
        json.Raw("}"u8);
        json.Flush();
    }

    /// <summary>The bytes that <see cref="WriteCanonicalJson"/> writes.</summary>
    public static byte[] ToCanonicalJson(this BacktestResult result, string codeHash, string datasetHash)
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        result.WriteCanonicalJson(output, codeHash, datasetHash);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteBars(ref Utf8Builder json, IReadOnlyList<int> bars)
    {
        for (var i = 0; i < bars.Count; i++)
        {
            if (i > 0)
                json.Comma();
            json.Number(bars[i]);
        }
    }

    private static void WriteEquity(ref Utf8Builder json, IReadOnlyList<EquityPoint> points)
    {
        json.Raw("{\"columns\":[\"bar\",\"time\",\"equity\"],\"rows\":["u8);
        for (var i = 0; i < points.Count; i++)
        {
            json.Raw(i > 0 ? ",["u8 : "["u8);
            json.Number(points[i].Bar);
            json.Comma();
            json.Time(points[i].Time);
            json.Comma();
            json.Number(points[i].Equity);
            json.Raw("]"u8);
        }
        json.Raw("]}"u8);
    }

    private static void WriteMetrics(ref Utf8Builder json, BacktestMetrics metrics)
    {
        json.Raw("{\"avg_loss\":"u8);
        json.NumberOrNull(metrics.AvgLoss);
        json.Raw(",\"avg_win\":"u8);
        json.NumberOrNull(metrics.AvgWin);
        json.Raw(",\"commission\":"u8);
        json.Number(metrics.Commission);
        json.Raw(",\"expectancy\":"u8);
        json.NumberOrNull(metrics.Expectancy);
        json.Raw(",\"exposure_pct\":"u8);
        json.Number(metrics.ExposurePct);
        json.Raw(",\"final_equity\":"u8);
        json.Number(metrics.FinalEquity);
        json.Raw(",\"gross_loss\":"u8);
        json.Number(metrics.GrossLoss);
        json.Raw(",\"gross_profit\":"u8);
        json.Number(metrics.GrossProfit);
        json.Raw(",\"long_trades\":"u8);
        json.Number(metrics.LongTrades);
        json.Raw(",\"losses\":"u8);
        json.Number(metrics.Losses);
        json.Raw(",\"max_consecutive_losses\":"u8);
        json.Number(metrics.MaxConsecutiveLosses);
        json.Raw(",\"max_drawdown_abs\":"u8);
        json.Number(metrics.MaxDrawdownAbs);
        json.Raw(",\"max_drawdown_bars\":"u8);
        json.Number(metrics.MaxDrawdownBars);
        json.Raw(",\"max_drawdown_pct\":"u8);
        json.Number(metrics.MaxDrawdownPct);
        json.Raw(",\"net_profit\":"u8);
        json.Number(metrics.NetProfit);
        json.Raw(",\"profit_factor\":"u8);
        json.NumberOrNull(metrics.ProfitFactor);
        json.Raw(",\"return_pct\":"u8);
        json.Number(metrics.ReturnPct);
        json.Raw(",\"sharpe_daily_252\":"u8);
        json.NumberOrNull(metrics.SharpeDaily252);
        json.Raw(",\"trades\":"u8);
        json.Number(metrics.Trades);
        json.Raw(",\"win_rate\":"u8);
        json.NumberOrNull(metrics.WinRate);
        json.Raw(",\"wins\":"u8);
        json.Number(metrics.Wins);
        json.Raw("}"u8);
    }

    private static void WriteRejected(ref Utf8Builder json, IReadOnlyList<RejectedOrder> rejected)
    {
        json.Raw("{\"columns\":[\"bar\",\"reason\"],\"rows\":["u8);
        for (var i = 0; i < rejected.Count; i++)
        {
            json.Raw(i > 0 ? ",["u8 : "["u8);
            json.Number(rejected[i].Bar);
            json.Raw(rejected[i].Reason == Rejection.Bracket ? ",\"bracket\"]"u8 : ",\"margin\"]"u8);
        }
        json.Raw("]}"u8);
    }

    private static void WriteTrades(ref Utf8Builder json, IReadOnlyList<Trade> trades)
    {
        json.Raw("{\"columns\":[\"direction\",\"units\",\"entry_bar\",\"exit_bar\",\"entry_time\",\"exit_time\","u8);
        json.Raw("\"entry_price\",\"exit_price\",\"stop_loss\",\"take_profit\","u8);
        json.Raw("\"pnl\",\"commission\",\"swap\",\"return_pct\",\"exit_reason\"],\"rows\":["u8);
        for (var i = 0; i < trades.Count; i++)
        {
            if (i > 0)
                json.Comma();
            WriteTrade(ref json, trades[i]);
        }
        json.Raw("]}"u8);
    }

    private static void WriteTrade(ref Utf8Builder json, Trade trade)
    {
        json.Raw(trade.Direction == Direction.Long ? "[\"long\","u8 : "[\"short\","u8);
        json.Number(trade.Units);
        json.Comma();
        json.Number(trade.EntryBar);
        json.Comma();
        json.Number(trade.ExitBar);
        json.Comma();
        json.Time(trade.EntryTime);
        json.Comma();
        json.Time(trade.ExitTime);
        json.Comma();
        json.Number(trade.EntryPrice);
        json.Comma();
        json.Number(trade.ExitPrice);
        json.Comma();
        json.NumberOrNull(trade.StopLoss);
        json.Comma();
        json.NumberOrNull(trade.TakeProfit);
        json.Comma();
        json.Number(trade.Pnl);
        json.Comma();
        json.Number(trade.Commission);
        json.Comma();
        json.Number(trade.Swap);
        json.Comma();
        json.Number(trade.ReturnPct);
        json.Comma();
        json.Raw(NameOf(trade.ExitReason));
        json.Raw("]"u8);
    }

    private static ReadOnlySpan<byte> NameOf(ExitReason reason) => reason switch
    {
        ExitReason.Signal => "\"signal\""u8,
        ExitReason.StopLoss => "\"stop_loss\""u8,
        ExitReason.StopLossGap => "\"stop_loss_gap\""u8,
        ExitReason.TakeProfit => "\"take_profit\""u8,
        ExitReason.TakeProfitGap => "\"take_profit_gap\""u8,
        ExitReason.TrailingStop => "\"trailing_stop\""u8,
        ExitReason.TrailingStopGap => "\"trailing_stop_gap\""u8,
        ExitReason.TimeLimit => "\"time_limit\""u8,
        ExitReason.SessionEnd => "\"session_end\""u8,
        ExitReason.Bust => "\"bust\""u8,
        _ => "\"end_of_data\""u8,
    };
}
