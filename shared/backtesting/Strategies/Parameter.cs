using System.Buffers;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies;

/// <summary>A number that expressions use by name and that forks and sweeps vary.</summary>
/// <param name="Default">The value it has unless another is asked for.</param>
/// <param name="Min">Smallest value allowed.</param>
/// <param name="Max">Largest value allowed.</param>
/// <param name="Step">Distance of neighbouring values, counted from <paramref name="Min"/>; null when any will do.</param>
/// <param name="Whole">True when only whole numbers are allowed.</param>
public sealed record Parameter(string Name, double Default, double Min, double Max, double? Step, bool Whole)
{
    private const int LongestName = 32;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>The reason why a parameter cannot have this name; null when it can.</summary>
    internal static string? RefuseName(string name)
    {
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(NameCharacters) || char.IsAsciiDigit(name[0]))
            return $"a name has 1 to {LongestName} lower-case letters, digits and \"_\", and begins with no digit";
        return Vocabulary.IsReserved(name) ? $"\"{name}\" means something else in expressions" : null;
    }

    /// <summary>The reason why the parameter cannot have this value; null when it can.</summary>
    internal string? RefuseValue(double value) =>
        value < Min || value > Max ? FormattableString.Invariant($"{value} is not between {Min} and {Max}")
        : Whole && value != Math.Floor(value) ? FormattableString.Invariant($"{value} is not a whole number")
        : Step is { } step && !IsOnGrid((decimal)value - (decimal)Min, (decimal)step)
            ? FormattableString.Invariant($"{value} is not a whole number of steps of {step} above {Min}")
        : null;

    /// <summary>The reason why the parameter is contradictory; null when it is not.</summary>
    internal string? Refuse() =>
        Min > Max ? "min is above max"
        : Default < Min || Default > Max ? "default is not between min and max"
        : Step <= 0 ? "step is not positive"
        : Whole && !Array.TrueForAll([Default, Min, Max, Step ?? 1], number => number == Math.Floor(number))
            ? "default, min, max and step of an integer are whole numbers"
        : null;

    /// <summary>Whether a distance is a multiple of the step, as the decimal numbers that people write; a vanishing step allows any.</summary>
    private static bool IsOnGrid(decimal distance, decimal step) => step == 0 || distance % step == 0;
}
