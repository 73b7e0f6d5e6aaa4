namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Finds the word that somebody meant.</summary>
internal static class Spelling
{
    private const int LettersPerSlip = 3;

    /// <summary>The known word that is a slip or two away, the nearest and first of them; null when none is.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        var least = Math.Max(1, word.Length / LettersPerSlip) + 1;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) >= least || Slips(word, candidate) is var slips && slips >= least)
                continue;
            (nearest, least) = (candidate, slips);
        }
        return nearest;
    }

    /// <summary>Letters to add, drop, replace or swap with their neighbour (optimal string alignment); case does not count.</summary>
    private static int Slips(string word, string candidate)
    {
        int[] beforeLast = [], last = [.. Enumerable.Range(0, candidate.Length + 1)];
        for (var i = 1; i <= word.Length; i++)
        {
            var row = new int[candidate.Length + 1];
            row[0] = i;
            for (var j = 1; j <= candidate.Length; j++)
            {
                var replaced = last[j - 1] + (IsSame(word[i - 1], candidate[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && IsSame(word[i - 1], candidate[j - 2]) && IsSame(word[i - 2], candidate[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, row);
        }
        return last[^1];
    }

    private static bool IsSame(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
