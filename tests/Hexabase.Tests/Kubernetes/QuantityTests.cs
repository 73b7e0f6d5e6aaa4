using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Kubernetes.Objects;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Amounts of the cluster (sheet section 4).</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("250m", 0.25)]
    [InlineData("1.5", 1.5)]
    [InlineData("1e3", 1000)]
    [InlineData("1E3", 1000)]
    [InlineData("2k", 2000)]
    [InlineData("512Mi", 536870912)]
    [InlineData("1Gi", 1073741824)]
    [InlineData("1G", 1000000000)]
    [InlineData("3185219n", 0.003185219)]
    [InlineData("1E", 1e18)]
    public void A_quantity_is_a_decimal_number_with_a_suffix(string text, double amount) => Assert.Equal((decimal)amount, Quantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Mi")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1,5")]
    [InlineData("one")]
    public void Anything_else_is_no_quantity(string text) => Assert.Throws<FormatException>(() => Quantity.Parse(text));

    [Theory]
    [InlineData("1000Ei", 1)]
    [InlineData("1e28E", 1)]
    public void Too_much_is_said_to_be_too_much(string text, int unit) => Assert.Throws<OverflowException>(() => Quantity.In(unit, text));

    [Fact]
    public void A_part_of_a_unit_counts_as_a_whole_one() => Assert.Equal(2, Quantity.In(1L << 20, "1025Ki"));

    [Fact]
    public void What_is_written_is_read_as_the_same_amount() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), n =>
        Quantity.Parse(Quantity.Millis(n)) == n / 1000m
        && Quantity.Parse(Quantity.Mebibytes(n)) == n * 1048576m
        && Quantity.Parse(Quantity.Gibibytes(n)) == n * 1073741824m
        && Quantity.Parse(Quantity.Count(n)) == n).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_and_nothing_else_happens() => Prop.ForAll<NonNull<string>>(text =>
    {
        try
        {
            _ = Quantity.Parse(text.Get);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            // Refused.
        }
    }).QuickCheckThrowOnFailure();
}
