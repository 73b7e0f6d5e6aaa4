using FluentValidation;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>Asks for the upgrade of the caller's workspace to plan pro.</summary>
/// <param name="IdempotencyKey">Unique per thing wanted; a repeat gets the same upgrade.</param>
/// <param name="PaymentMethod">The payment provider's id, such as <c>pm_1Nxyz</c>; card data never comes here.</param>
/// <param name="Region">Where the included node is to be; null for the first of plans.json.</param>
public sealed record StartUpgrade(
    string AccountId, string? IdempotencyKey, string? PaymentMethod, bool TermsAccepted, string? Region, string CorrelationId);

/// <summary>The workspace is not on plan hobby.</summary>
public sealed record AlreadyUpgraded() : Refusal(RefusalKind.Conflict, "ALREADY_PRO", "The workspace is on plan Pro already.");

/// <summary>Begins upgrades; <see cref="NewChanges"/> says how.</summary>
public sealed class StartUpgradeHandler(NewChanges changes, Plans plans)
{
    private readonly Validator rules = new(plans);

    /// <summary>The upgrade, the same one for a repeat; or why not.</summary>
    public async Task<Result<Upgrade>> Handle(StartUpgrade ask, CancellationToken ct)
    {
        if (rules.FirstProblem(ask) is { } invalid)
            return invalid;
        var request = new ChangeRequest(
            ask.AccountId,
            WorkspaceChangeKind.Upgrade,
            ask.IdempotencyKey!,
            Sha256Hex.Of($"upgrade\n{ask.PaymentMethod}\n{ask.Region}"));
        return await changes.Begin(request, (id, workspace, now) => Decide(ask, id, workspace, now), ct);
    }

    private Result<NewChange<Upgrade>> Decide(StartUpgrade ask, WorkspaceChangeId id, Workspace workspace, DateTimeOffset now)
    {
        if (workspace.Plan != WorkspacePlanName.Hobby)
            return new AlreadyUpgraded();
        var size = plans.Workspaces.IncludedNodeSize;
        var region = ask.Region ?? plans.Workspaces.Regions[0];
        var price = plans.Workspaces.Pro.Price!;
        var upgrade = Upgrade.New(id, workspace, ask.PaymentMethod!, price, size, region, ask.CorrelationId, now);
        return new NewChange<Upgrade>(
            upgrade, workspace with { RunningChange = upgrade.UpgradeId }, $"terms accepted; node {size} in {region}");
    }

    private sealed class Validator : AbstractValidator<StartUpgrade>
    {
        public Validator(Plans plans)
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.TermsAccepted).Equal(true)
                .OverridePropertyName("terms_accepted").WithMessage("The terms of plan Pro must be accepted: terms_accepted must be true.");
            RuleFor(x => x.PaymentMethod).IsPaymentMethod();
            RuleFor(x => x.Region).Must(region => region is null || plans.Workspaces.Regions.Contains(region, StringComparer.Ordinal))
                .OverridePropertyName("region").WithMessage($"region is one of {string.Join(", ", plans.Workspaces.Regions)}.");
        }
    }
}
