using System.Buffers;
using Hexabase.Backtesting.Json;
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
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Property("bars"u8, result.Bars);
        json.Name("bars_touching_stop_and_target"u8);
        json.BeginArray();
        foreach (var bar in result.BarsTouchingBoth)
            json.Number(bar);
        json.EndArray();
        json.Property("bars_touching_stop_and_target_count"u8, result.BarsTouchingBothCount);
        json.Property("bust_bar"u8, result.BustBar);
        json.Property("code_hash"u8, codeHash);
        json.Property("dataset_hash"u8, datasetHash);
        json.Property("end_of_data"u8, result.EndOfData == EndOfData.LastOpen ? "last_open" : "last_close");
        json.Property("engine_version"u8, EngineVersion.Current);
        json.Name("equity"u8);
        WriteEquity(ref json, result.Equity);
        json.Property("first_decision_bar"u8, result.FirstDecisionBar);
        json.Name("metrics"u8);
        MetricsJson.Write(ref json, result.Metrics);
        json.Name("monte_carlo"u8);
        MonteCarloJson.Write(ref json, result.MonteCarlo);
        json.Name("monthly_returns"u8);
        MetricsJson.Write(ref json, result.MonthlyReturns);
        json.Name("rejected_orders"u8);
        WriteRejected(ref json, result.Rejected);
        json.Property("rejected_orders_count"u8, result.RejectedCount);
        json.Property("schema"u8, Schema);
        json.Property("seed"u8, result.Seed);
        json.Name("sides"u8);
        json.BeginObject();
        json.Name("long"u8);
        MetricsJson.Write(ref json, result.LongSide);
        json.Name("short"u8);
        MetricsJson.Write(ref json, result.ShortSide);
        json.EndObject();
        json.Name("trades"u8);
        TradesJson.Write(ref json, result.Trades);
        json.EndObject();
        json.Flush();
    }

    /// <summary>The bytes that <see cref="WriteCanonicalJson"/> writes.</summary>
    public static byte[] ToCanonicalJson(this BacktestResult result, string codeHash, string datasetHash)
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        result.WriteCanonicalJson(output, codeHash, datasetHash);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteEquity(ref CanonicalWriter json, IReadOnlyList<EquityPoint> points)
    {
        json.BeginTable("bar", "time", "equity");
        foreach (var point in points)
        {
            json.BeginArray();
            json.Number(point.Bar);
            json.Time(point.Time);
            json.Number(point.Equity);
            json.EndArray();
        }
        json.EndTable();
    }

    private static void WriteRejected(ref CanonicalWriter json, IReadOnlyList<RejectedOrder> rejected)
    {
        json.BeginTable("bar", "reason");
        foreach (var order in rejected)
        {
            json.BeginArray();
            json.Number(order.Bar);
            json.Text(order.Reason switch
            {
                Rejection.Bracket => "bracket"u8,
                Rejection.Margin => "margin"u8,
                _ => "session"u8,
            });
            json.EndArray();
        }
        json.EndTable();
    }
}
