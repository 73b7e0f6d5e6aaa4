namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>What validation found.</summary>
internal interface IValidationReport;
