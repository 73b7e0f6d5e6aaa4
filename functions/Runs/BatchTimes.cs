using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Runs;

/// <summary>
/// Decides what of a batch still fits into its invocation, which the host ends without asking: a batch of runs always does, one with
/// sweeps may not.
/// </summary>
public sealed class BatchTimes(HostLimits limits, RunExecutionOptions runs, SweepExecutionOptions sweeps)
{
    /// <summary>True when the job may take as long as it can and the invocation still ends in time.</summary>
    /// <param name="elapsed">Since the invocation began.</param>
    public bool Fits(JobMessage job, TimeSpan elapsed) =>
        elapsed + (job.SweepId is null ? runs.Timeout : sweeps.Timeout) <= limits.FunctionTimeout - HostLimits.ToAnswer;
}
