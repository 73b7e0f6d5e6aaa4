using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

public sealed class LedgerTests
{
    private static readonly Plans Plans = TestPlans.Product;

    [Fact] // product rule 7
    public void The_ledger_adds_up_to_what_quota_and_usage_months_say() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 13)).ToArbitrary(), Gen.Elements(Enum.GetValues<PlanName>()).ToArbitrary(), (steps, plan) =>
        {
            var account = new Account(plan);
            foreach (var step in steps)
                account.Do(step);
            return account.AddsUp();
        }).QuickCheckThrowOnFailure();

    /// <summary>Quota, ledger and closed usage months as the handlers write them.</summary>
    private sealed class Account
    {
        private readonly List<LedgerEntry> ledger = [];
        private readonly Dictionary<int, UsageMonth> months = [];
        private readonly Stack<Admission> open = new();
        private DateTimeOffset now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
        private Quota quota;

        public Account(PlanName plan)
        {
            quota = Quota.ForNewAccount(Plans, now);
            Grant(plan);
        }

        public void Do(int step)
        {
            switch (step)
            {
                case 0:
                    now = now.AddHours(9);
                    break;
                case 1:
                    now = now.AddDays(20);
                    break;
                case 2 when open.TryPop(out var job):
                    GiveBack(job, job.Paid);
                    break;
                case 12 when open.TryPop(out var job):
                    GiveBack(job, PaidRuns.Last(job.Paid, job.Paid.Sum(paid => paid.Runs) / 2));
                    break;
                case 13:
                    Take(runs: 4);
                    break;
                case >= 3 and <= 6:
                    Grant((PlanName)(step - 3));
                    break;
                case 7:
                    Grant(credits: 2);
                    break;
                case 8:
                    Grant(dailyRuns: -2);
                    break;
                default:
                    Take(runs: 1);
                    break;
            }
        }

        public bool AddsUp()
        {
            var sums = LedgerSums.Of(ledger);
            return sums.Credits == quota.CreditBalance
                && sums.DailyRuns.GetValueOrDefault(quota.ComputeDay) == quota.DailyBalance(Plans)
                && sums.MonthlyRuns.GetValueOrDefault(quota.UsageMonthSerial) == quota.IncludedMonthly
                && months.Values.All(month => sums.MonthlyRuns.GetValueOrDefault(month.Serial) == month.Runs);
        }

        /// <summary>A run, or a sweep of several.</summary>
        private void Take(int runs)
        {
            if (!ChargeRule.Decide(Plans, quota, now, runs).Succeeded(out var taken, out _))
                return;
            quota = taken.Quota;
            Close(taken.Closed);
            open.Push(taken);
            ledger.AddRange(taken.Paid.Select(paid => runs == 1
                ? LedgerEntry.ForRun(paid.Charge, taken.UsageMonth, "r", now, "test")
                : LedgerEntry.ForSweep(paid, taken.UsageMonth, "sw", now, "test")));
        }

        private void GiveBack(Admission job, IReadOnlyList<PaidRuns> paid)
        {
            var back = ChargeRule.GiveBack(Plans, quota, paid, job.UsageMonth, now);
            quota = back.Quota;
            Close(back.Closed);
            if (back.GiveBackTo is { } serial)
                months[serial] = months[serial] with { Runs = months[serial].Runs - back.MonthlyRuns };
            ledger.AddRange(paid.Select(part => LedgerEntry.ForSweepRefund(part, job.UsageMonth, "sw", now, "test")));
        }

        private void Grant(PlanName? plan = null, long credits = 0, int dailyRuns = 0)
        {
            var ask = new GrantRights("o", "a", "k", "test", plan, SpeedPack: null, credits, dailyRuns, RunsPerMinute: null, "test");
            var granted = GrantRightsHandler.Apply(Plans, quota, ask, now);
            quota = granted.Quota;
            Close(granted.Closed);
            ledger.AddRange(granted.Changes);
        }

        private void Close(UsageMonth? month)
        {
            if (month is not null)
                months.Add(month.Serial, month);
        }
    }
}
