namespace Strangler.Comparing.Differences;

/// <summary>Pairs elements with equal hashes, in order within one hash.</summary>
internal static class HashPairs
{
    /// <returns>The pairs, and the places without a partner.</returns>
    public static (List<(int Left, int Right)> Pairs, List<int> Lefts, List<int> Rights) Of(ulong[] left, ulong[] right)
    {
        int[] ones = Sorted(left),
            twos = Sorted(right);
        var pairs = new List<(int, int)>(Math.Min(ones.Length, twos.Length));
        List<int> lefts = [],
            rights = [];
        int one = 0,
            two = 0;
        while (one < ones.Length || two < twos.Length)
        {
            var order =
                one == ones.Length ? 1
                : two == twos.Length ? -1
                : left[ones[one]].CompareTo(right[twos[two]]);
            if (order == 0)
                pairs.Add((ones[one++], twos[two++]));
            else if (order < 0)
                lefts.Add(ones[one++]);
            else
                rights.Add(twos[two++]);
        }
        lefts.Sort();
        rights.Sort();
        pairs.Sort();
        return (pairs, lefts, rights);
    }

    private static int[] Sorted(ulong[] hashes)
    {
        var places = new int[hashes.Length];
        for (var at = 0; at < places.Length; at++)
            places[at] = at;
        Array.Sort(places, (a, b) => hashes[a] != hashes[b] ? hashes[a].CompareTo(hashes[b]) : a.CompareTo(b));
        return places;
    }
}
