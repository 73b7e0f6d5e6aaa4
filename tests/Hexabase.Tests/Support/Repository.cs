namespace Hexabase.Tests.Support;

/// <summary>Where things lie in this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string NpmPackage => Path.Combine(Root, "local");

    /// <summary>The small Node app that the tests of the local platform run.</summary>
    public static string Handler => Path.Combine(Root, "tests", "Hexabase.Tests", "Local", "handler");

    /// <summary>The platform's program, built in the configuration of these tests.</summary>
    public static string PlatformProgram => Program("local", "Hexabase.Local.dll");

    /// <summary>The command line that verifies proofs, built in the configuration of these tests.</summary>
    public static string VerifyProgram => Program(Path.Combine("tools", "verify"), "verify.dll");

    private static string Program(string project, string assembly)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, assembly);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hexabase.Functions.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
        return folder.FullName;
    }
}
