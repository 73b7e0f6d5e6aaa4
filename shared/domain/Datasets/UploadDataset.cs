using System.Text.Json.Serialization;
using FluentValidation;
using Hexabase.Backtesting.Prices;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Datasets;

/// <summary>Asks to store candles.</summary>
/// <param name="Name">What the account calls them, 1 to 100 characters.</param>
/// <param name="Pair">Such as <c>EURUSD</c>; null when not told.</param>
/// <param name="Timeframe">Such as <c>H1</c>; null to take the one found in the candles.</param>
/// <param name="ContentLength">Announced length of <paramref name="Content"/>; null when none was.</param>
/// <param name="Content">CSV in a format <see cref="CandleImport"/> knows, plain or gzip; read once.</param>
public sealed record UploadDataset(string AccountId, string Name, string? Pair, string? Timeframe, long? ContentLength, Stream Content);

/// <summary>A stored dataset and what was found in it.</summary>
/// <param name="GapCount">Steps longer than one bar; weekends and holidays are among them.</param>
/// <param name="LargestGaps">The longest of them, longest first.</param>
/// <param name="Created">False when the very same candles were stored before.</param>
public sealed record UploadedDataset(
    string DatasetHash,
    string Name,
    string? Pair,
    string? Timeframe,
    long Rows,
    long SizeBytes,
    DateTimeOffset From,
    DateTimeOffset To,
    long GapCount,
    IReadOnlyList<CandleGap> LargestGaps,
    [property: JsonIgnore] bool Created);

/// <summary>More bytes than the plan takes, as sent or unpacked.</summary>
public sealed record DatasetTooLarge(long MaxBytes) : Refusal(
    RefusalKind.TooLarge, "DATASET_TOO_LARGE",
    $"Your plan takes datasets of up to {MaxBytes / (1024 * 1024)} MB, unpacked. Send fewer candles, or move to a larger plan.");

/// <summary>Rows break rules; nothing was stored.</summary>
public sealed record DatasetInvalid : Refusal
{
    public DatasetInvalid(long total, IReadOnlyList<CandleError> errors) : base(
        RefusalKind.Unprocessable, "DATASET_INVALID",
        $"{(total == 1 ? "One thing is" : $"{total} things are")} wrong with the candles; the first: {errors[0]}.") =>
        Members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["rows"] = errors.Select(error => new InvalidRow(error.Line, error.Reason)).ToList(),
            ["total"] = total,
        };
}

/// <summary>What is wrong with one row.</summary>
/// <param name="Line">Counted from 1; 0 for the upload as a whole.</param>
public sealed record InvalidRow(long Line, string Message);

public sealed class UploadDatasetValidator : AbstractValidator<UploadDataset>
{
    public UploadDatasetValidator()
    {
        RuleFor(ask => ask.Name)
            .Must(name => name.Length is >= 1 and <= 100 && !name.Any(char.IsControl) && !string.IsNullOrWhiteSpace(name))
            .OverridePropertyName("name").WithMessage("A name of 1 to 100 characters is required.");
        RuleFor(ask => ask.Pair)
            .Must(pair => pair is null || (pair.Length == 6 && pair.All(char.IsAsciiLetterUpper)))
            .OverridePropertyName("pair").WithMessage("A pair is six upper-case letters, such as EURUSD.");
        RuleFor(ask => ask.Timeframe)
            .Must(timeframe => timeframe is null || Timeframes.Names.Contains(timeframe, StringComparer.Ordinal))
            .OverridePropertyName("timeframe").WithMessage($"A timeframe is one of {string.Join(", ", Timeframes.Names)}.");
    }
}

/// <summary>
/// Checks every row of an upload while it streams through a temporary file, and stores its normalized form under its hash. Memory use
/// does not grow with the upload. Repeating an upload stores nothing twice.
/// </summary>
public sealed class UploadDatasetHandler(IDocumentStore documents, DatasetWriter writer, Plans plans, TimeProvider clock)
{
    private static readonly UploadDatasetValidator Validator = new();

    public async Task<Result<UploadedDataset>> Handle(UploadDataset ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        if (await documents.Read<Quota>(Containers.Accounts, ask.AccountId, Quota.DocumentId, ct) is not { } quota)
            return new AccountGone();
        var mostBytes = plans[quota.Value.Plan].DatasetBytes;
        if (ask.ContentLength > mostBytes)
            return new DatasetTooLarge(mostBytes);

        await using var normalized = TemporaryFile();
        var upload = new LimitedStream(ask.Content, mostBytes);
        var result = await CandleImport.Run(upload, normalized, mostBytes, ask.Pair, ct);
        if (upload.Exceeded || result is CandleImportResult.TooLarge)
            return new DatasetTooLarge(mostBytes);
        if (result is CandleImportResult.Rejected rejected)
            return new DatasetInvalid(rejected.ErrorCount, rejected.Errors);
        return await Store(ask, ((CandleImportResult.Imported)result).Summary, normalized, ct);
    }

    private async Task<Result<UploadedDataset>> Store(UploadDataset ask, CandleSummary summary, Stream normalized, CancellationToken ct)
    {
        if (ask.Timeframe is not null && summary.Timeframe is not null && ask.Timeframe != summary.Timeframe)
            return new InvalidInput("timeframe", $"The candles are {summary.Timeframe}, not {ask.Timeframe}.");
        var dataset = new Dataset(
            summary.DatasetHash, ask.Name, ask.Pair, summary.Timeframe ?? ask.Timeframe, Synthetic: false, summary.Rows, summary.SizeBytes,
            summary.From, summary.To, clock.GetUtcNow());
        normalized.Position = 0;
        var created = await writer.Write(dataset, normalized, ct);
        await documents.Commit(
            new DocumentBatch(Containers.Accounts, ask.AccountId).Upsert(Dataset.OwnIdPrefix + dataset.DatasetHash, dataset), ct);
        return new UploadedDataset(
            dataset.DatasetHash, dataset.Name, dataset.Pair, dataset.Timeframe, dataset.Rows, dataset.SizeBytes, dataset.From, dataset.To,
            summary.GapCount, summary.LargestGaps, created);
    }

    /// <summary>Gone when it is closed, and with the process, however that ends.</summary>
    private static FileStream TemporaryFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hexabase-{Path.GetRandomFileName()}.csv");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
