using System.Collections.Concurrent;
using System.Security.Claims;

namespace Hexabase.Adapters.Tokens;

/// <summary>A token that was found good.</summary>
internal sealed record VerifiedToken(ClaimsPrincipal Principal, DateTimeOffset NotAfter);

/// <summary>
/// Tokens that were verified lately, by their whole text, so that a hit proves as much as the signature did. Holds at most twice
/// <paramref name="generationSize"/>: when the young generation is full it becomes the old one, and the old one is forgotten.
/// </summary>
internal sealed class VerifiedTokens(int generationSize)
{
    private readonly Lock turning = new();
    private volatile Generation young = new(generationSize);
    private volatile Generation old = new(0);

    public VerifiedToken? Find(ReadOnlySpan<char> token)
    {
        if (young.Find(token) is { } hit)
            return hit;
        if (old.Find(token) is not { } older)
            return null;
        Add(token.ToString(), older);
        return older;
    }

    public void Add(string token, VerifiedToken verified)
    {
        var generation = young;
        if (generation.TryAdd(token, verified))
            return;
        lock (turning)
        {
            if (ReferenceEquals(generation, young))
            {
                old = generation;
                young = new Generation(generationSize);
            }
        }
        young.TryAdd(token, verified);
    }

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<string, VerifiedToken> entries = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, VerifiedToken>.AlternateLookup<ReadOnlySpan<char>> bySpan;
        private readonly int capacity;
        private int count;

        public Generation(int capacity)
        {
            this.capacity = capacity;
            bySpan = entries.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public VerifiedToken? Find(ReadOnlySpan<char> token) => bySpan.TryGetValue(token, out var found) ? found : null;

        /// <summary>False when full.</summary>
        public bool TryAdd(string token, VerifiedToken verified)
        {
            if (entries.ContainsKey(token))
                return true;
            if (Interlocked.Increment(ref count) > capacity)
                return false;
            entries[token] = verified;
            return true;
        }
    }
}
