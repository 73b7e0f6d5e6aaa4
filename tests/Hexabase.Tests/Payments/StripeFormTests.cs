using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Stripe;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Tests.Payments;

public sealed class StripeFormTests
{
    [Fact]
    public void Names_nest_lists_are_numbered_and_what_is_null_is_left_out() => Assert.Equal(
        "customer=cus_1&confirm=true&items[0][price]=price_1&items[0][quantity]=2&items[0][metadata][a]=1&items[1][price]=price_2&expand[0]=data.x&cleared=",
        Uri.UnescapeDataString(new StripeForm
        {
            { "customer", "cus_1" },
            { "email", (string?)null },
            { "confirm", true },
            {
                "items", [
                    new StripeForm { { "price", "price_1" }, { "quantity", 2 }, { "metadata", new StripeForm { { "a", "1" } } } },
                    new StripeForm { { "price", "price_2" } },
                ]
            },
            { "expand", ["data.x"] },
            { "cleared", "" },
        }.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("a[b]")]
    [InlineData("]")]
    public void A_name_that_would_be_read_as_another_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new StripeForm { { name, "x" } });

    [Fact]
    public void Whatever_the_values_are_they_are_read_back_as_they_were() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<string> Plain, NonNull<string> Nested, NonNull<string>[] List, long Number)>(),
        given =>
        {
            StripeForm form = new()
            {
                { "plain", given.Plain.Get },
                { "outer", new StripeForm { { "inner", new StripeForm { { "nested", given.Nested.Get } } } } },
                { "list", given.List.Select(text => new StripeForm { { "text", text.Get } }).ToList() },
                { "number", given.Number },
            };
            var read = QueryHelpers.ParseQuery(form.ToString());
            Assert.Equal(given.Plain.Get, read["plain"]);
            Assert.Equal(given.Nested.Get, read["outer[inner][nested]"]);
            Assert.Equal(given.List.Select(text => text.Get), given.List.Select((_, i) => read[$"list[{i}][text]"].ToString()));
            Assert.Equal($"{given.Number}", read["number"]);
            Assert.Equal(3 + given.List.Length, read.Count);
        }).QuickCheckThrowOnFailure();
}
