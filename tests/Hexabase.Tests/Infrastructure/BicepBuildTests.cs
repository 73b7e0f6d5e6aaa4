using System.Diagnostics;

namespace Hexabase.Tests.Infrastructure;

public sealed class BicepBuildTests
{
    [BicepTheory]
    [InlineData("build", "main.bicep")]
    [InlineData("build-params", "dev.bicepparam")]
    [InlineData("build-params", "prod.bicepparam")]
    public async Task The_compiler_has_nothing_to_object_to(string command, string file)
    {
        var (program, arguments) = BicepTheoryAttribute.Compiler!.Value;
        using var compiler = Process.Start(new ProcessStartInfo(program, [.. arguments, command, .. FileArgument(program, file), "--stdout"])
        {
            WorkingDirectory = BicepFiles.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = compiler.StandardOutput.ReadToEndAsync();
        var said = await compiler.StandardError.ReadToEndAsync();
        await output;
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        Assert.DoesNotContain("Warning ", said, StringComparison.Ordinal);
    }

    private static string[] FileArgument(string program, string file) => program == "az" ? ["--file", file] : [file];
}

/// <summary>Skipped where neither <c>bicep</c> nor <c>az</c> is on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = Compiler is null ? "There is no bicep and no az on the PATH to compile infra-bicep with." : null;

    public static (string Program, string[] Arguments)? Compiler { get; } =
        IsOnPath("bicep") ? ("bicep", []) : IsOnPath("az") ? ("az", ["bicep"]) : null;

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
