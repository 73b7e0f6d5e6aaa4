using System.Diagnostics;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Proofs;

/// <summary>The built command line.</summary>
internal static class VerifyCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<Ended> Run(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.ChangeExtension(Repository.VerifyProgram, null), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new Ended(process.ExitCode, await output, await error);
    }

    internal sealed record Ended(int ExitCode, string Output, string Error);
}
