namespace Hexabase.Backtesting.Prices;

/// <summary>Two currencies by their ISO codes: EURUSD is the price of a euro, its base, in dollars, its quote.</summary>
internal readonly record struct CurrencyPair(string Name)
{
    /// <summary>Units of the base currency in a standard lot.</summary>
    public const double Lot = 100_000;

    private const int CodeLength = 3;

    public string Base => Name[..CodeLength];

    public string Quote => Name[CodeLength..];

    /// <summary>The step that traders count in, in price units: 0.01 when the quote is yen, otherwise 0.0001.</summary>
    public double Pip => IsQuotedInYen ? 0.01 : 0.0001;

    /// <summary>A tenth of a pip, in which trading programs count spreads and swaps.</summary>
    public double Point => 1 / PointsPerUnit;

    /// <summary>Points in one unit of price.</summary>
    public double PointsPerUnit => IsQuotedInYen ? 1_000 : 100_000;

    private bool IsQuotedInYen => Quote == "JPY";

    /// <summary>Whether the text has six capital letters.</summary>
    public static bool IsName(string text) => text.Length == 2 * CodeLength && text.All(char.IsAsciiLetterUpper);

    /// <summary>Whether the text has three capital letters.</summary>
    public static bool IsCode(string text) => text.Length == CodeLength && text.All(char.IsAsciiLetterUpper);
}
