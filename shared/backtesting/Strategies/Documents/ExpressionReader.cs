using System.Text.Json;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads the expressions of one document, which together have a bounded size.</summary>
internal sealed class ExpressionReader(List<StrategyError> errors)
{
    private int nodesLeft = StrategyLimits.Nodes;

    /// <summary>An expression; null when it is absent, and when it is wrong, which is noted.</summary>
    public PlacedExpression? Optional(JsonReader? section, string name)
    {
        if (section?.OptionalText(name) is not { } text)
            return null;
        var path = section.PathOf(name);
        try
        {
            return new PlacedExpression(path, ExpressionParser.Parse(text, ref nodesLeft));
        }
        catch (ExpressionException e)
        {
            errors.Add(new StrategyError(path, e.Column, e.Message));
            return null;
        }
    }

    /// <summary>A positive number, or an expression for one; null when it is absent or wrong, which is noted.</summary>
    public PlacedExpression? Positive(JsonReader section, string name)
    {
        if (section.Optional(name) is not { } value)
        {
            section.Refuse(name, "is missing");
            return null;
        }
        if (value.ValueKind == JsonValueKind.String)
            return Optional(section, name);
        return section.OptionalPositive(name, 1e6) is { } number
            ? new PlacedExpression(section.PathOf(name), new NumberSyntax(1, number))
            : null;
    }
}
