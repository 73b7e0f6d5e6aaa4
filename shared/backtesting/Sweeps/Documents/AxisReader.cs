using System.Text.Json;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Documents;

namespace Hexabase.Backtesting.Sweeps.Documents;

/// <summary>
/// Reads the values to try for one parameter: a list of them, or a range, whose bounds and step are those the parameter declares where
/// the search gives none.
/// </summary>
internal static class AxisReader
{
    private const double MostAnything = 1e12;
    private const double SmallestStep = 1e-12;

    /// <summary>Ascending; of no use when an error was noted.</summary>
    public static IReadOnlyList<double> Read(JsonReader section, JsonReader fields, Parameter parameter)
    {
        var values = fields.Optional("values") is { } list ? List(fields, list) : Range(fields, parameter);
        fields.RefuseTheRest();
        if (values.Select(parameter.RefuseValue).FirstOrDefault(reason => reason is not null) is { } refusal)
            section.Refuse(parameter.Name, refusal);
        return values;
    }

    private static List<double> List(JsonReader fields, JsonElement list)
    {
        var values = new List<double>();
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > SweepLimits.Evaluations)
        {
            fields.Refuse("values", $"expected a list of 1 to {SweepLimits.Evaluations} numbers");
            return values;
        }
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDouble(out var value) || Math.Abs(value) > MostAnything)
            {
                fields.Refuse("values", "expected numbers only");
                return [];
            }
            values.Add(value);
        }
        values.Sort();
        if (values.Zip(values.Skip(1)).Any(pair => pair.First == pair.Second))
            fields.Refuse("values", "a value is there twice");
        return values;
    }

    private static List<double> Range(JsonReader fields, Parameter parameter)
    {
        var from = fields.OptionalNumber("from", parameter.Min, parameter.Max) ?? parameter.Min;
        var to = fields.OptionalNumber("to", parameter.Min, parameter.Max) ?? parameter.Max;
        var step = fields.OptionalNumber("step", 0, MostAnything) ?? parameter.Step ?? (parameter.Whole ? 1 : null);
        if (from > to)
            fields.Refuse("from", "is above to");
        else if (step is not >= SmallestStep)
            fields.Refuse("step", step is null ? "is missing: the parameter declares none" : "is too small");
        else if ((to - from) / step >= SweepLimits.Evaluations)
            fields.Refuse("step", $"gives more than {SweepLimits.Evaluations} values");
        else
            return Steps((decimal)from, (decimal)to, (decimal)step);
        return [];
    }

    /// <summary>In decimal, so that the third step of 0.1 is 0.3 and not 0.30000000000000004.</summary>
    private static List<double> Steps(decimal from, decimal to, decimal step)
    {
        var values = new List<double>();
        for (var value = from; value <= to; value += step)
            values.Add((double)value);
        return values;
    }
}
