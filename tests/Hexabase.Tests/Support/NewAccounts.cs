using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Support;

/// <summary>Accounts for tests in which nobody signs up.</summary>
internal static class NewAccounts
{
    /// <summary>Writes the quota of a new account, which is all that strategies, datasets and runs ask of one; the answer is its id.</summary>
    public static async Task<string> NewAccount(this IDocumentStore documents, PlanName plan, DateTimeOffset now)
    {
        var id = Ids.NewAccount();
        await documents.SetPlan(id, plan, now);
        return id;
    }

    /// <summary>Puts an account on a plan as if it were new.</summary>
    public static async Task SetPlan(this IDocumentStore documents, string accountId, PlanName plan, DateTimeOffset now)
    {
        var (quota, _) = Quota.ForNewAccount(TestPlans.Product, now).ChangePlan(TestPlans.Product, plan, now);
        await documents.Commit(new DocumentBatch(Containers.Accounts, accountId).Upsert(Quota.DocumentId, quota), default);
    }
}
