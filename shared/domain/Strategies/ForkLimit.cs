using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Strategies;

/// <summary>At most so many forks within any minute from one client address.</summary>
/// <param name="mostAddresses">Addresses remembered at once.</param>
public sealed class ForkLimit(Plans plans, TimeProvider clock, int mostAddresses = 50_000)
    : RateLimit(plans.ForksPerMinutePerAddress, clock, mostAddresses);
