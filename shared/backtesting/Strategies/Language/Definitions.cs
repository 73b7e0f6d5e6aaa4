namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>
/// The definitions of a document, for one set of parameter values. Each is bound when it is first used, and only once however often it
/// is used, so that definitions that use each other cost no more than they are long.
/// </summary>
internal sealed class Definitions(IReadOnlyDictionary<string, PlacedExpression?> written, Func<Syntax, Bound> bind)
{
    private readonly Dictionary<string, Bound> bound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExpressionException> failed = new(StringComparer.Ordinal);
    private readonly List<string> beingBound = [];

    public IEnumerable<string> Names => written.Keys;

    /// <summary>What a name is defined as; null when it is not defined.</summary>
    /// <param name="column">Where it is used.</param>
    /// <exception cref="ExpressionException">It is defined by itself, or its definition has an error.</exception>
    public Bound? OrNull(string name, int column)
    {
        if (!written.TryGetValue(name, out var definition))
            return null;
        if (bound.TryGetValue(name, out var known))
            return known;
        if (failed.TryGetValue(name, out var failure))
            throw failure;
        if (beingBound.IndexOf(name) is >= 0 and var start)
            throw new ExpressionException(column, $"goes round in a circle: {string.Join(" → ", [.. beingBound[start..], name])}");
        return bound[name] = Bind(name, definition ?? throw ExpressionException.OfUnreadable(column));
    }

    private Bound Bind(string name, PlacedExpression definition)
    {
        beingBound.Add(name);
        try
        {
            return bind(definition.Syntax);
        }
        catch (ExpressionException e)
        {
            failed.Add(name, e.Within(definition.Path));
            throw;
        }
        finally
        {
            beingBound.RemoveAt(beingBound.Count - 1);
        }
    }
}
