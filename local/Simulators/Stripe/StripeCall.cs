namespace Hexabase.Local.Simulators.Stripe;

/// <summary>A call as an operation sees it, inside its transaction.</summary>
/// <param name="Id">In the address; empty when there is none.</param>
/// <param name="Expand">Paths of ids to be answered as objects.</param>
internal sealed record StripeCall(StripeObjects Objects, StripeParameters Parameters, string Id, IReadOnlyList<string> Expand)
{
    /// <summary>The object as the answer, expanded as asked.</summary>
    public StripeReply Answer(object value) => new(
        StatusCodes.Status200OK,
        StripeRendering.Render(value, Expand, Objects).ToJsonString(StripeJson.Options));

    /// <summary>A page of a list, newest first.</summary>
    public StripeReply AnswerList<T>(IEnumerable<T> all) where T : Stored
    {
        const int DefaultLimit = 10;
        const int LargestLimit = 100;
        var limit = Parameters.Count("limit") ?? DefaultLimit;
        if (limit > LargestLimit)
            throw StripeRefusal.Invalid("parameter_invalid_integer", $"limit is at most {LargestLimit}.", "limit");
        if (Parameters.Text("starting_after") is { } after)
            all = all.SkipWhile(item => item.Id != after).Skip(1);
        var page = all.Take((int)limit + 1).ToList();
        return Answer(new StripeList<T>([.. page.Take((int)limit)], HasMore: page.Count > limit));
    }
}
