using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Orchestrations;

/// <summary>What sagas hand to the orchestrations they share, as it is configured when they begin: one execution keeps to it.</summary>
public sealed record SagaOptions(NodeOptions Node, MigrationOptions Migration, StepRetry Retry)
{
    public static SagaOptions Of(UpgradeOptions options) => new(options.Node, options.Migration, options.Retry);
}
