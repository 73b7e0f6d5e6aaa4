using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Metrics;

namespace Hexabase.Tests.Backtesting;

public sealed class MetricPowerTests
{
    private const double Tolerance = 1e-14;

    [Fact]
    public void Powers_agree_with_the_mathematical_library() => Prop.ForAll(Numbers(-1_000, 1_000), Numbers(-40, 9), Signs, (number, size, sign) =>
    {
        var expected = Math.Pow(number, sign * size);
        return !double.IsNormal(expected) || Math.Abs((Power.Of(number, sign * size) / expected) - 1) < Tolerance;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Powers_near_one_agree_however_large_the_exponent() => Prop.ForAll(
        Fractions, Gen.Choose(1, int.MaxValue).ToArbitrary(), Signs, (fraction, size, sign) =>
        {
            // A result between e^-300 and e^300.
            var number = 1 + (sign * 300 * fraction / size);
            var expected = Math.Pow(number, size + fraction);
            return Math.Abs((Power.Of(number, size + fraction) / expected) - 1) < Tolerance;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Theory]
    [InlineData(2, 10, 1024)]
    [InlineData(9, 0.5, 3)]
    [InlineData(16, -0.75, 0.125)]
    [InlineData(0.5, -1, 2)]
    [InlineData(7, 0, 1)]
    [InlineData(1, 123.456, 1)]
    [InlineData(2, 1024, double.PositiveInfinity)]
    [InlineData(2, -1074, double.Epsilon)]
    [InlineData(2, -1076, 0)]
    [InlineData(double.Epsilon, 1, double.Epsilon)]
    [InlineData(double.MaxValue, 1, double.MaxValue)]
    [InlineData(double.MaxValue, Power.LargestExponent, double.PositiveInfinity)]
    [InlineData(double.MaxValue, -Power.LargestExponent, 0)]
    public void Powers_that_are_doubles_are_exact(double number, double exponent, double power) =>
        Assert.Equal(power, Power.Of(number, exponent));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 2)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(2, double.NaN)]
    [InlineData(2, 2.0 * Power.LargestExponent)]
    public void Other_powers_are_refused(double number, double exponent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Power.Of(number, exponent));

    private static Arbitrary<double> Fractions => Gen.Choose(1, int.MaxValue).Select(part => part / (int.MaxValue + 1.0)).ToArbitrary();

    private static Arbitrary<int> Signs => Gen.Elements(-1, 1).ToArbitrary();

    /// <summary>Positive numbers of every size between two powers of two.</summary>
    private static Arbitrary<double> Numbers(int fromExponent, int toExponent) => Gen.Choose(fromExponent, toExponent)
        .SelectMany(exponent => Fractions.Generator.Select(fraction => Math.ScaleB(1 + fraction, exponent))).ToArbitrary();
}
