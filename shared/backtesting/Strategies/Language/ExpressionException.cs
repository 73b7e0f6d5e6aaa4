namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Leaves the reading of one expression at its first error; caught where the expression begins.</summary>
internal sealed class ExpressionException(int column, string message) : Exception(message)
{
    public int Column => column;
}
