namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Subscriptions: made, changed, ended.</summary>
internal static class Subscriptions
{
    private const string AllowIncomplete = "allow_incomplete";
    private const string ErrorIfIncomplete = "error_if_incomplete";

    public static StripeReply Create(StripeCall call)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        var customer = objects.Get<Customer>(asked.RequiredText("customer"), "customer");
        var methodId = asked.Text("default_payment_method") ?? customer.InvoiceSettings.DefaultPaymentMethod
            ?? throw StripeRefusal.Invalid("resource_missing", "This customer has no attached payment source or default payment method.");
        Customers.MethodOf(objects, customer.Id, methodId, "default_payment_method");
        var behavior = asked.Word("payment_behavior", AllowIncomplete, AllowIncomplete, ErrorIfIncomplete);
        var items = asked.List("items");
        if (items.Count == 0)
            throw StripeRefusal.Invalid("parameter_missing", "Missing required param: items.", "items");

        var subscription = new Subscription
        {
            Id = StripeObjects.NewId(Subscription.Prefix),
            Created = objects.Now,
            Customer = customer.Id,
            Status = Subscription.Incomplete,
            Items = new([]),
            DefaultPaymentMethod = methodId,
            Metadata = asked.Metadata(),
        };
        foreach (var item in items)
            subscription = AddItem(objects, subscription, item, start: objects.Now, end: null);
        var lines = subscription.Items.Data.Select(item => LineOf(item, item.Amount)).ToList();
        var (invoice, answer) = Invoices.Charge(objects, subscription, "subscription_create", lines);
        if (behavior == ErrorIfIncomplete)
            RefuseUnlessPaid(answer);
        return call.Answer(objects.Save(subscription with
        {
            Status = invoice.Status == "paid" ? Subscription.Active : Subscription.Incomplete,
            LatestInvoice = invoice.Id,
        }));
    }

    public static StripeReply Update(StripeCall call)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        var present = objects.Get<Subscription>(call.Id);
        if (present.HasEnded)
            throw StripeRefusal.Invalid(null, "A canceled subscription can only update its cancellation_details and metadata.");
        var changed = present with { Metadata = asked.Metadata(present.Metadata) };
        if (asked.Flag("cancel_at_period_end") is { } ends)
            changed = changed with { CancelAtPeriodEnd = ends, CanceledAt = ends ? objects.Now : null };
        var items = asked.List("items");
        foreach (var item in items)
        {
            changed = item.Text("id") is { } id
                ? ChangeItem(changed, id, item)
                : AddItem(objects, changed, item, present.PeriodStart, present.PeriodEnd);
        }
        if (changed.Items.Data.Count == 0)
            throw StripeRefusal.Invalid(null, "A subscription must have at least one active plan.", "items");
        objects.Save(changed); // Its invoice refers to it.
        return call.Answer(items.Count == 0 ? changed : Prorate(call, present, changed));
    }

    public static StripeReply Delete(StripeCall call)
    {
        var present = call.Objects.Get<Subscription>(call.Id);
        if (present.HasEnded)
            throw StripeRefusal.Missing("subscription", call.Id, param: null);
        return call.Answer(End(call.Objects, present, Subscription.Canceled, call.Objects.Now));
    }

    /// <summary>What has not ended, unless another status is asked for.</summary>
    public static StripeReply List(StripeCall call)
    {
        var status = call.Parameters.Text("status");
        return call.AnswerList(call.Objects.List<Subscription>(call.Parameters.Text("customer"))
            .Where(subscription => status switch
            {
                null => subscription.Status != Subscription.Canceled,
                "all" => true,
                _ => subscription.Status == status,
            }));
    }

    /// <summary>Lets everything happen whose time has come: periods end and begin, payments that were never made expire.</summary>
    public static void Settle(StripeObjects objects)
    {
        while (objects.Due<Subscription>() is [var due, ..])
        {
            if (due.Status == Subscription.Incomplete)
            {
                if (due.LatestInvoice is { } unpaid)
                    Invoices.Void(objects, objects.Get<Invoice>(unpaid));
                End(objects, due, "incomplete_expired", objects.Now);
            }
            else if (due.CancelAtPeriodEnd)
                End(objects, due, Subscription.Canceled, due.PeriodEnd);
            else
                Renew(objects, due);
        }
    }

    /// <summary>What is open stays open: it can be paid until it is void.</summary>
    private static Subscription End(StripeObjects objects, Subscription subscription, string status, long at) =>
        objects.Save(subscription with { Status = status, CanceledAt = subscription.CanceledAt ?? objects.Now, EndedAt = at });

    /// <summary>One more period. A payment that fails leaves it past due: Stripe's own later tries are not simulated.</summary>
    private static void Renew(StripeObjects objects, Subscription due)
    {
        var end = Periods.EndOf(due.PeriodEnd, due.StartDate, due.Items.Data[0].Price.Recurring!.Months);
        var renewed = due.With([.. due.Items.Data.Select(item => item with { CurrentPeriodStart = due.PeriodEnd, CurrentPeriodEnd = end })]);
        var lines = renewed.Items.Data.Select(item => LineOf(item, item.Amount)).ToList();
        var (invoice, _) = Invoices.Charge(objects, renewed, "subscription_cycle", lines);
        objects.Save(renewed with { LatestInvoice = invoice.Id, Status = invoice.Status == "paid" ? Subscription.Active : "past_due" });
    }

    /// <summary>Takes the running period's share of what was added.</summary>
    private static Subscription Prorate(StripeCall call, Subscription before, Subscription after)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        var proration = asked.Word("proration_behavior", "create_prorations", "always_invoice", "none");
        var behavior = asked.Word("payment_behavior", AllowIncomplete, AllowIncomplete, ErrorIfIncomplete);
        if (proration == "none")
            return after;
        if (behavior != ErrorIfIncomplete)
            throw StripeRefusal.NotSimulated("changes of items that may stay unpaid", "payment_behavior");
        var lines = after.Items.Data
            .Select(item => (item, more: item.Amount - (before.Items.Data.FirstOrDefault(old => old.Id == item.Id)?.Amount ?? 0)))
            .Where(change => change.more != 0)
            .Select(change => LineOf(change.item, Periods.Share(change.more, before.PeriodStart, before.PeriodEnd, objects.Now)))
            .ToList();
        if (lines.Exists(line => line.Amount < 0) || after.Items.Data.Count < before.Items.Data.Count)
            throw StripeRefusal.NotSimulated("money back for a part of a period", "proration_behavior");
        var (invoice, answer) = Invoices.Charge(objects, after, "subscription_update", lines);
        RefuseUnlessPaid(answer);
        return objects.Save(after with { LatestInvoice = invoice.Id });
    }

    private static void RefuseUnlessPaid(CardAnswer answer)
    {
        var error = answer switch
        {
            CardAnswer.Declined declined => declined.Error,
            CardAnswer.Authenticate =>
                StripeError.Card("authentication_required", "This payment has to be authenticated.", "authentication_required"),
            _ => null,
        };
        if (error is not null)
            throw new StripeRefusal(StatusCodes.Status402PaymentRequired, error);
    }

    /// <param name="end">Of the running period; null for the first one, which begins now.</param>
    private static Subscription AddItem(StripeObjects objects, Subscription subscription, StripeParameters asked, long start, long? end)
    {
        var (present, param) = (subscription.Items.Data, asked.NameOf("price"));
        var price = objects.Get<Price>(asked.RequiredText("price"), param);
        if (price.Recurring is not { } recurring)
            throw StripeRefusal.Invalid(null, $"The price {price.Id} is not recurring.", param);
        if (present.Any(item => item.Price.Id == price.Id))
            throw StripeRefusal.Invalid(null, $"Cannot add multiple subscription items with the same plan: {price.Id}", param);
        if (present.Any(item => item.Price.Recurring!.Months != recurring.Months))
            throw StripeRefusal.NotSimulated("subscriptions of several intervals", param);
        return subscription.With([.. present, new SubscriptionItem(
            StripeObjects.NewId("si_"),
            price,
            asked.Count("quantity") ?? 1,
            start,
            end ?? Periods.EndOf(start, start, recurring.Months),
            asked.Metadata())]);
    }

    private static Subscription ChangeItem(Subscription subscription, string id, StripeParameters asked)
    {
        var items = subscription.Items.Data.ToList();
        var at = items.FindIndex(item => item.Id == id);
        if (at < 0)
            throw StripeRefusal.Missing("subscription item", id, asked.NameOf("id"));
        if (asked.Flag("deleted") == true)
            items.RemoveAt(at);
        else
        {
            var item = items[at];
            items[at] = item with { Quantity = asked.Count("quantity") ?? item.Quantity, Metadata = asked.Metadata(item.Metadata) };
        }
        return subscription.With(items);
    }

    private static InvoiceLine LineOf(SubscriptionItem item, long amount) => new(
        StripeObjects.NewId("il_"),
        amount,
        item.Quantity,
        $"{item.Quantity} × {item.Price.LookupKey ?? item.Price.Id}",
        new LinePeriod(item.CurrentPeriodStart, item.CurrentPeriodEnd));
}
