using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Adapters.Stripe;

/// <summary>What Stripe said to a call.</summary>
/// <param name="IsReplayed">It was said before, to an earlier call with the same key: it tells of the past.</param>
internal abstract record StripeAnswer(bool IsReplayed)
{
    public sealed record Done(StripeObject Object, bool IsReplayed) : StripeAnswer(IsReplayed);

    public sealed record Failed(string Call, int Status, StripeError Error, bool IsReplayed) : StripeAnswer(IsReplayed);

    /// <summary>
    /// An error of Stripe's own was recorded for the key: repeating it gives the same for a day, and whether anything came of the call has to
    /// be looked up.
    /// </summary>
    public bool IsSpent => this is Failed { Status: >= 500, IsReplayed: true };

    /// <exception cref="PaymentsException">The call was refused.</exception>
    public StripeObject Require() => this switch
    {
        Done done => done.Object,
        Failed failed => throw new PaymentsException($"Stripe refused {failed.Call} with {failed.Status}: {failed.Error}"),
        _ => throw new InvalidOperationException("There is no third kind of answer."),
    };
}
