using System.Runtime.InteropServices;
using System.Text.Json;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Documents;
using Hexabase.Backtesting.Sweeps.Results;

namespace Hexabase.Backtesting.Sweeps.Documents;

/// <summary>Reads a search section by section and holds it against the strategy it is for.</summary>
internal sealed class SweepReader(StrategyDefinition strategy)
{
    private readonly List<StrategyError> errors = [];

    public SweepParse Read(JsonElement search)
    {
        if (search.ValueKind == JsonValueKind.Undefined || JsonMarshal.GetRawUtf8Value(search).Length > StrategyLimits.DocumentBytes)
            return Refuse("", $"expected a JSON object of at most {StrategyLimits.DocumentBytes} bytes");
        var root = new JsonReader(search, "", errors);
        if (!root.IsObject)
            return new SweepParse(errors);
        var space = ReadSpace(root);
        var sweep = new SweepDefinition(
            space, ReadMethod(root, space), ReadObjective(root), ReadConstraints(root), ReadValidation(root),
            OptionalWhole(root, "seed", 0, Backtest.MaxSeed) ?? 0);
        root.RefuseTheRest();
        return errors.Count == 0 ? Bound(sweep) : new SweepParse(errors);
    }

    private static SweepParse Bound(SweepDefinition sweep)
    {
        var sets = sweep.Method.Count(sweep.Space.Size);
        var evaluations = sweep.Validation.Evaluations(sets);
        return evaluations <= SweepLimits.Evaluations
            ? new SweepParse(sweep)
            : Refuse("parameters", $"{sets} combinations take {evaluations} backtests, at most {SweepLimits.Evaluations} are allowed");
    }

    private static SweepParse Refuse(string path, string reason) => new([new StrategyError(path, null, reason)]);

    private SearchSpace ReadSpace(JsonReader root)
    {
        var axes = new List<Axis>();
        if (root.OptionalObject("parameters") is not { IsObject: true } section)
            return Missing(root);
        foreach (var parameter in strategy.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            if (section.OptionalObject(parameter.Name) is not { IsObject: true } fields)
                continue;
            if (SweepJson.SetColumns.Contains(parameter.Name, StringComparer.Ordinal))
                section.Refuse(parameter.Name, "results have a column of this name: call the parameter something else to sweep it");
            axes.Add(new Axis(parameter.Name, AxisReader.Read(section, fields, parameter)));
        }
        if (!section.Names.Any() || axes.Count > SweepLimits.Parameters)
            root.Refuse("parameters", $"expected 1 to {SweepLimits.Parameters} of the strategy's parameters");
        section.RefuseTheRest();
        return new SearchSpace(axes);
    }

    private static SearchSpace Missing(JsonReader root)
    {
        if (root.Optional("parameters") is null)
            root.Refuse("parameters", "is missing");
        return new SearchSpace([]);
    }

    private static SearchMethod ReadMethod(JsonReader root, SearchSpace space)
    {
        if (root.OptionalObject("method") is not { IsObject: true } section)
            return new SearchMethod.Grid();
        var type = section.Text("type", text => text is "grid" or "random", "grid or random");
        SearchMethod method = type == "random" ? new SearchMethod.Draw(ReadSamples(section, space)) : new SearchMethod.Grid();
        section.RefuseTheRest();
        return method;
    }

    private static int ReadSamples(JsonReader section, SearchSpace space)
    {
        if (section.Optional("samples") is null)
            section.Refuse("samples", "is missing");
        var samples = (int)(OptionalWhole(section, "samples", 1, SweepLimits.Evaluations) ?? 1);
        if (space.Size > 0 && (uint)samples > space.Size)
            section.Refuse("samples", $"there are only {space.Size} combinations: use the method grid");
        return samples;
    }

    private static Objective ReadObjective(JsonReader root)
    {
        var name = root.OptionalText("objective");
        var objective = Objective.All.FirstOrDefault(one => one.Name == (name ?? "net_profit"));
        if (objective is null)
            root.Refuse("objective", $"expected one of {string.Join(", ", Objective.All.Select(one => one.Name))}");
        return objective ?? Objective.All[0];
    }

    private static Constraints ReadConstraints(JsonReader root)
    {
        if (root.OptionalObject("constraints") is not { IsObject: true } section)
            return new Constraints(null, null, null);
        var constraints = new Constraints(
            (int?)OptionalWhole(section, "min_trades", 0, Backtest.MostTrades),
            section.OptionalNumber("min_profit_factor", 0, 1_000),
            section.OptionalNumber("max_drawdown_pct", 0, 100));
        section.RefuseTheRest();
        return constraints;
    }

    private static Validation ReadValidation(JsonReader root)
    {
        if (root.OptionalObject("validation") is not { IsObject: true } section)
            return new Validation.None();
        var type = section.Text(
            "type", text => text is "none" or "out_of_sample" or "walk_forward", "none, out_of_sample or walk_forward");
        Validation validation = type switch
        {
            "out_of_sample" => new Validation.OutOfSample(OptionalShare(section, "share") ?? Validation.OutOfSample.DefaultShare),
            "walk_forward" => new Validation.WalkForward(
                (int)(OptionalWhole(section, "windows", SweepLimits.MinWindows, SweepLimits.MaxWindows)
                    ?? Validation.WalkForward.DefaultWindows),
                OptionalShare(section, "in_sample_share") ?? Validation.WalkForward.DefaultInSampleShare),
            _ => new Validation.None(),
        };
        section.RefuseTheRest();
        return validation;
    }

    private static double? OptionalShare(JsonReader section, string name) =>
        section.OptionalNumber(name, SweepLimits.MinShare, 1 - SweepLimits.MinShare);

    private static long? OptionalWhole(JsonReader section, string name, long min, long max)
    {
        if (section.OptionalNumber(name, min, max) is not { } number)
            return null;
        if (number != Math.Floor(number))
            section.Refuse(name, "expected a whole number");
        return (long)number;
    }
}
