using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

/// <summary>The ledger and the quota of an account that runs, sweeps, cancels and is given back, while the process dies now and then.</summary>
public sealed class SweepBooksTests
{
    private const int Credits = 12;

    [Fact] // product rule 7
    public void Whatever_happens_the_ledger_adds_up_to_the_quota_and_every_job_paid_once_and_got_back_at_most_that() =>
        Prop.ForAll(Gen.Elements(PlanName.Free, PlanName.Elite).ToArbitrary(), Gen.ListOf(Steps()).ToArbitrary(), (plan, steps) =>
            Play(plan, steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private enum Deed
    {
        Run,
        Sweep,
        Cancel,
        Fail,
        Execute,
        CancelWhileExecuting,
        NextDay,
        NextMonth,
    }

    private enum Death
    {
        BeforeCommit,
        AfterCommit,
    }

    private static Gen<(Deed Deed, int Number, Death? Death)> Steps() =>
        from deed in Gen.Frequency(
            (3, Gen.Constant(Deed.Sweep)), (5, Gen.Elements(Enum.GetValues<Deed>())))
        from number in Gen.Choose(0, 30)
        from death in Gen.Frequency((4, Gen.Constant<Death?>(null)), (1, Gen.Elements<Death?>(Death.BeforeCommit, Death.AfterCommit)))
        select (deed, number, death);

    private static async Task<bool> Play(PlanName plan, IEnumerable<(Deed Deed, int Number, Death? Death)> steps)
    {
        await using var area = await SweepsArea.New(plan, Credits);
        foreach (var (deed, number, death) in steps)
        {
            if (death == Death.BeforeCommit)
                area.Runs.Crash.After(0);
            if (death == Death.AfterCommit)
                area.Runs.Crash.RightAfter(0);
            try
            {
                await Do(area, deed, number);
            }
            catch (CrashException)
            {
                // The queue delivers again, or the client asks again, in a later step.
            }
            area.Runs.Crash.Never();
        }
        return await BooksAgree(area);
    }

    private static async Task Do(SweepsArea area, Deed deed, int number)
    {
        var one = await OneOf(area, number);
        switch (deed)
        {
            case Deed.Run:
                AcceptedOrUnpaid(await area.Runs.Start.Handle(area.Runs.Ask($"run-{number}", number), default));
                break;
            case Deed.Sweep:
                AcceptedOrUnpaid(await area.Start.Handle(area.Ask($"sweep-{number}", evaluations: 1 + (number % 7 * 90)), default));
                break;
            case Deed.NextDay:
                area.Runs.Clock.Advance(TimeSpan.FromHours(17));
                break;
            case Deed.NextMonth:
                area.Runs.Clock.Advance(TimeSpan.FromDays(25));
                break;
            case Deed.Cancel when one != default:
                await area.Cancelled(one);
                break;
            case Deed.Fail when one != default:
                await area.Runs.SweepEnding.FailAndRefund(one, "TEST", "test", default);
                break;
            case Deed.Execute when one != default:
                area.Engine = (_, _, _, _, _, _) => new SweepOutcome.Failed("TEST", "test", Measured: 130);
                await area.Deliver(one);
                break;
            case Deed.CancelWhileExecuting when one != default:
                await area.Runs.SweepEnding.Cancel(one, evaluated: number * 20, default);
                break;
        }
    }

    private static void AcceptedOrUnpaid<T>(Result<T> answer)
    {
        if (!answer.Succeeded(out _, out var refusal))
            Assert.IsType<NoCredit>(refusal);
    }

    /// <summary>A sweep to do something to, one that has not finished more often than not; none when there are none.</summary>
    private static async Task<SweepId> OneOf(SweepsArea area, int number)
    {
        var all = (await area.Runs.All<SweepJob>(SweepJob.IdPrefix)).Select(sweep => sweep.Value).ToList();
        var open = all.Where(sweep => !sweep.IsFinished()).ToList();
        var choice = number % 4 > 0 && open.Count > 0 ? open : all;
        return choice.Count > 0 && SweepId.TryParse(choice[number % choice.Count].SweepId, out var id) ? id : default;
    }

    private static async Task<bool> BooksAgree(SweepsArea area)
    {
        var (quota, ledger) = (await area.Runs.ReadQuota(), await area.Runs.ReadLedger());
        var (sums, months) = (LedgerSums.Of([.. ledger]), await area.Runs.ReadUsageMonths());
        var today = quota.ComputeDay;
        return quota.ComputeLeft >= 0 && quota.CreditBalance >= 0 && quota.IncludedMonthly >= 0
            && Credits + sums.Credits == quota.CreditBalance
            && (quota.Plan == PlanName.Elite || sums.DailyRuns.GetValueOrDefault(today) == quota.DailyBalance(TestPlans.Product))
            && sums.MonthlyRuns.GetValueOrDefault(quota.UsageMonthSerial) == quota.IncludedMonthly
            && months.All(month => sums.MonthlyRuns.GetValueOrDefault(month.Serial) == month.Runs)
            && (await area.Runs.All<SweepJob>(SweepJob.IdPrefix)).All(sweep => IsBooked(sweep, ledger));
    }

    /// <summary>Its entries are what it paid, and what it says was given back.</summary>
    private static bool IsBooked(Document<SweepJob> sweep, IReadOnlyList<LedgerEntry> ledger)
    {
        var own = ledger.Where(entry => entry.SweepId == sweep.Value.SweepId).ToList();
        var paid = own.Where(entry => entry.Type != LedgerType.Refund).Sum(entry => Math.Abs(entry.Amount));
        var back = own.Where(entry => entry.Type == LedgerType.Refund).Sum(entry => Math.Abs(entry.Amount));
        return paid == TestPlans.Product.Sweep.RunsFor(sweep.Value.Evaluations)
            && back == (sweep.Value.GivenBack?.Sum(part => part.Runs) ?? 0)
            && back <= paid
            && (back == 0 || sweep.Value.IsFinished());
    }
}
