using System.Text.RegularExpressions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Infrastructure;

/// <summary>What the Bicep compiler would find first, for machines without it; <see cref="BicepBuildTests"/> asks the compiler itself.</summary>
public sealed class BicepTests(BicepFiles bicep) : IClassFixture<BicepFiles>
{
    [Fact]
    public void Every_file_is_Bicep() =>
        Assert.Empty(bicep.All.SelectMany(file => file.Value.Errors.Select(error => $"{file.Key}: {error}")));

    [Fact]
    public void Every_module_is_given_the_parameters_it_takes()
    {
        Assert.NotEmpty(bicep.Main.Modules);
        Assert.All(bicep.Main.Modules, module => AssertFits(bicep.All[module.Path], module.Params.Select(given => given.Key)));
    }

    [Theory]
    [InlineData("dev.bicepparam")]
    [InlineData("prod.bicepparam")]
    public void A_parameter_file_says_what_main_takes(string file) => AssertFits(bicep.Main, bicep.All[file].Variables.Keys);

    [Fact]
    public void Every_parameter_and_variable_is_used() =>
        Assert.Empty(
            from file in bicep.Templates
            let text = BicepFiles.TextOf(file.Key)
            from name in file.Value.Params.Select(param => param.Name).Concat(file.Value.Variables.Keys)
            where Regex.Count(text, $@"\b{name}\b") < 2
            select $"{file.Key}: {name}");

    [Fact]
    public void Every_output_of_a_module_is_used()
    {
        var text = BicepFiles.TextOf("main.bicep").Replace(".?", ".", StringComparison.Ordinal);
        Assert.Empty(
            from module in bicep.Main.Modules
            group module.Name by module.Path into uses
            from output in bicep.All[uses.Key].Outputs
            where !uses.Any(name => Regex.IsMatch(text, $@"\b{name}\.outputs\.{output.Name}\b", RegexOptions.None, TimeSpan.FromSeconds(1)))
            select $"{uses.Key}: {output.Name}");
    }

    [Fact]
    public void Every_output_of_the_deployment_is_read_by_the_guide()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));
        Assert.All(bicep.Main.Outputs, output => Assert.Contains($"$(output {output.Name})", guide, StringComparison.Ordinal));
    }

    private static void AssertFits(BicepFile template, IEnumerable<string> given)
    {
        string[] names = [.. given];
        Assert.Empty(names.Except(template.Params.Select(param => param.Name)));
        Assert.Empty(template.Params.Where(param => param.Default is null).Select(param => param.Name).Except(names));
    }
}
