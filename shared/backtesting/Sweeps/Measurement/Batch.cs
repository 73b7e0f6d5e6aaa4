using System.Numerics;
using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>
/// Neighbouring sets of a group whose shared columns fit into memory together, beside the other columns of the sets that are measured at
/// the same time. A set too large for that comes alone and shares nothing.
/// </summary>
internal sealed class Batch
{
    private readonly List<BoundSet> sets = [];
    private readonly HashSet<int> shared = [];
    private long bytes;
    private long ownBytes;

    public IReadOnlyList<BoundSet> Sets => sets;

    /// <summary>The steps that are computed once for all sets.</summary>
    public IReadOnlySet<int> Shared => shared;

    public static IEnumerable<Batch> Divide(SetGroup group, int bars, int threads, long budget)
    {
        var batch = new Batch();
        foreach (var set in group.Sets)
        {
            if (batch.TryAdd(set, group, bars, threads, budget))
                continue;
            if (batch.sets.Count > 0)
            {
                yield return batch;
                batch = new Batch();
                if (batch.TryAdd(set, group, bars, threads, budget))
                    continue;
            }
            batch.sets.Add(set);
            yield return batch;
            batch = new Batch();
        }
        if (batch.sets.Count > 0)
            yield return batch;
    }

    private bool TryAdd(BoundSet set, SetGroup group, int bars, int threads, long budget)
    {
        long withShared = bytes, own = 0;
        foreach (var step in set.Steps)
        {
            if (!group.IsShared(step))
                own += BytesOf(group.Steps[step], bars);
            else if (!shared.Contains(step))
                withShared += BytesOf(group.Steps[step], bars);
        }
        own = Math.Max(own, ownBytes);
        if (withShared + (threads * own) > budget)
            return false;
        (bytes, ownBytes) = (withShared, own);
        sets.Add(set);
        shared.UnionWith(set.Steps.Where(group.IsShared));
        return true;
    }

    /// <summary>Arrays come in powers of two.</summary>
    private static long BytesOf(Step step, int bars)
    {
        var words = (((long)PlanBuilder.BitsPerBar(step) * bars) + Bits.PerWord - 1) / Bits.PerWord;
        return sizeof(ulong) * (long)BitOperations.RoundUpToPowerOf2((ulong)words);
    }
}
