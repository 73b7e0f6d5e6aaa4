namespace Hexabase.Backtesting;

/// <summary>Which rules computed a result. Changes whenever any result could.</summary>
public static class EngineVersion
{
    public const string Current = "2.0.0";
}
