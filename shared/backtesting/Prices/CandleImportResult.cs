namespace Hexabase.Backtesting.Prices;

/// <summary>How an upload of candles ended.</summary>
public abstract record CandleImportResult
{
    private CandleImportResult()
    {
    }

    /// <summary>Every row was good; the normalized bytes are complete.</summary>
    public sealed record Imported(CandleSummary Summary) : CandleImportResult;

    /// <summary>Rows break rules; what was written is to be thrown away.</summary>
    /// <param name="ErrorCount">All of them.</param>
    /// <param name="Errors">The first <see cref="CandleImport.ReportedErrors"/>.</param>
    public sealed record Rejected(long ErrorCount, IReadOnlyList<CandleError> Errors) : CandleImportResult;

    /// <summary>The text, unpacked if it was gzip, is longer than allowed; what was written is to be thrown away.</summary>
    public sealed record TooLarge(long MaxBytes) : CandleImportResult;
}

/// <summary>One thing wrong with an upload.</summary>
/// <param name="Line">Counted from 1; 0 for the file as a whole.</param>
public sealed record CandleError(long Line, string Reason)
{
    public override string ToString() => Line == 0 ? Reason : $"line {Line}: {Reason}";
}

/// <summary>What an import found.</summary>
/// <param name="DatasetHash">SHA-256 of the normalized bytes, 64 lower-case hex digits.</param>
/// <param name="Rows">Number of candles.</param>
/// <param name="SizeBytes">Length of the normalized form.</param>
/// <param name="From">Opening time of the first candle.</param>
/// <param name="To">Opening time of the last candle.</param>
/// <param name="Timeframe">M1 … MN1, from the most frequent step between candles; null when it is none of these.</param>
/// <param name="GapCount">Steps longer than one bar; weekends and holidays are among them.</param>
/// <param name="LargestGaps">The longest of them, longest first.</param>
public sealed record CandleSummary(
    string DatasetHash,
    long Rows,
    long SizeBytes,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Timeframe,
    long GapCount,
    IReadOnlyList<CandleGap> LargestGaps);

/// <summary>Two neighbouring candles further apart than one bar, by their opening times.</summary>
public sealed record CandleGap(DateTimeOffset After, DateTimeOffset Before)
{
    public TimeSpan Length => Before - After;
}
