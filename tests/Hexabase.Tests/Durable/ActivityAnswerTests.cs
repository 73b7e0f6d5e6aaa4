using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;

namespace Hexabase.Tests.Durable;

/// <summary>What an activity answers, and what the history then holds of it.</summary>
public sealed class ActivityAnswerTests
{
    private static readonly TaskFailureDetails Declined =
        new("Payments.CardDeclined", "The card was \"declined\".", "at Pay()", new("System.Exception", "why"), IsNonRetriable: true);

    [Fact]
    public void A_value_is_one_text_that_begins_as_an_object_does() =>
        Assert.Equal("""{"value":{"Paid":true}}""", ActivityAnswer.Write(new { Paid = true }, JsonSerializerOptions.Default));

    [Fact]
    public void No_value_is_written_as_null() =>
        Assert.Equal("""{"value":null}""", ActivityAnswer.Write<object?>(null, JsonSerializerOptions.Default));

    [Fact]
    public void A_failure_is_one_text_that_begins_as_an_object_does() =>
        Assert.Equal(
            """{"error":{"type":"Payments.CardDeclined","message":"The card was \"declined\".","stack":"at Pay()",""" +
            """
            "inner":{"type":"System.Exception","message":"why","retriable":true},"retriable":false}}
            """,
            ActivityAnswer.Write(Declined));

    [Fact]
    public void Any_text_comes_through_the_history_as_it_was() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        var read = ActivityAnswer.Read(Recorded(ActivityAnswer.Write(text.Get, JsonSerializerOptions.Default)));
        Assert.Null(read.Failure);
        Assert.Equal(Readable(text.Get), JsonSerializer.Deserialize<string>(read.Value!));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_failure_comes_through_the_history_as_it_was() =>
        Assert.Equal(new StepOutcome(null, Declined), ActivityAnswer.Read(Recorded(ActivityAnswer.Write(Declined))));

    [Fact]
    public void What_does_not_say_otherwise_may_be_tried_again() =>
        Assert.False(ActivityAnswer.Read(Recorded("""{"error":{"type":"T","message":"m"}}""")).Failure!.IsNonRetriable);

    [Theory]
    [InlineData(null)]
    [InlineData("5")]
    [InlineData("\"done\"")]
    [InlineData("""{"value":5}""")]
    [InlineData("""[{"value":5}]""")]
    [InlineData("\"{}\"")]
    [InlineData("\"{ is no JSON\"")]
    [InlineData("\"{\\\"value\\\":1,\\\"error\\\":2}\"")]
    [InlineData("\"{\\\"error\\\":null}\"")]
    [InlineData("\"{\\\"other\\\":1}\"")]
    public void Every_other_result_is_itself_the_value(string? result) =>
        Assert.Equal(new StepOutcome(result), ActivityAnswer.Read(result));

    /// <summary>As the host records the text that an activity answers.</summary>
    private static string Recorded(string answer) => JsonSerializer.Serialize(answer);

    /// <summary>Halves of surrogate pairs cannot be written.</summary>
    private static string Readable(string text) => JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text))!;
}
