namespace Strangler.Comparing.Differences;

/// <summary>
/// Finds which elements of two lists belong together when the order counts. Elements that occur once in both lists are
/// anchors, and the gaps between anchors are aligned at the least cost. The time is bounded.
/// </summary>
internal static class Alignment
{
    /// <summary>
    /// Gaps of up to this many pairs are aligned at the least cost while effort is left; others are paired from the
    /// start.
    /// </summary>
    private const int MaxPairs = 1 << 16;

    /// <summary>Two unpaired elements cost more than comparing two elements that have nothing in common.</summary>
    private const int Unpaired = 60;

    /// <param name="left">Hashes of the elements.</param>
    /// <param name="right">The same of the other list.</param>
    /// <param name="cost">How unlike two elements are, 0 to 100.</param>
    /// <param name="effort">The remaining effort.</param>
    /// <returns>Every element once, in order; -1 is an element without a partner.</returns>
    public static List<(int Left, int Right)> Of(
        ReadOnlySpan<ulong> left,
        ReadOnlySpan<ulong> right,
        Func<int, int, int> cost,
        Effort effort
    )
    {
        // the smaller list always goes first, so that ties are broken the same way for either order of the arguments
        if (left.Length > right.Length || left.Length == right.Length && left.SequenceCompareTo(right) > 0)
            return
            [
                .. Sorted(right, left, (one, two) => cost(two, one), effort).Select(pair => (pair.Right, pair.Left)),
            ];
        return Sorted(left, right, cost, effort);
    }

    private static List<(int Left, int Right)> Sorted(
        ReadOnlySpan<ulong> left,
        ReadOnlySpan<ulong> right,
        Func<int, int, int> cost,
        Effort effort
    )
    {
        var result = new List<(int, int)>(Math.Max(left.Length, right.Length));
        int one = 0,
            two = 0;
        foreach (var (leftAnchor, rightAnchor) in Anchors(left, right))
        {
            Gap(one, leftAnchor, two, rightAnchor, cost, effort, result);
            result.Add((leftAnchor, rightAnchor));
            (one, two) = (leftAnchor + 1, rightAnchor + 1);
        }
        Gap(one, left.Length, two, right.Length, cost, effort, result);
        return result;
    }

    /// <summary>
    /// The longest increasing sequence of pairs that are unique on both sides (B. Cohen's patience diff).
    /// </summary>
    private static List<(int Left, int Right)> Anchors(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        var places = new Dictionary<ulong, (int Left, int Right)>(left.Length); // -1: none yet, -2: several
        for (var at = 0; at < left.Length; at++)
            places[left[at]] = places.ContainsKey(left[at]) ? (-2, -1) : (at, -1);
        for (var at = 0; at < right.Length; at++)
        {
            if (places.TryGetValue(right[at], out var place))
                places[right[at]] = (place.Left, place.Right == -1 ? at : -2);
        }
        var pairs = places
            .Values.Where(place => place is { Left: >= 0, Right: >= 0 })
            .OrderBy(place => place.Left)
            .ToArray();
        var piles = new List<int>();
        var before = new int[pairs.Length];
        for (var at = 0; at < pairs.Length; at++)
        {
            var pile = Pile(piles, pairs, pairs[at].Right);
            before[at] = pile > 0 ? piles[pile - 1] : -1;
            if (pile == piles.Count)
                piles.Add(at);
            else
                piles[pile] = at;
        }
        var chain = new List<(int, int)>(piles.Count);
        for (var at = piles.Count > 0 ? piles[^1] : -1; at >= 0; at = before[at])
            chain.Add(pairs[at]);
        chain.Reverse();
        return chain;
    }

    /// <summary>The first pile whose top is not less than the place.</summary>
    private static int Pile(List<int> piles, (int Left, int Right)[] pairs, int place)
    {
        int low = 0,
            high = piles.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (pairs[piles[middle]].Right < place)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static void Gap(
        int left,
        int leftEnd,
        int right,
        int rightEnd,
        Func<int, int, int> cost,
        Effort effort,
        List<(int, int)> result
    )
    {
        int lefts = leftEnd - left,
            rights = rightEnd - right;
        if (
            lefts > 0
            && rights > 0
            && !(lefts == 1 && rights == 1)
            && (long)lefts * rights <= MaxPairs
            && effort.TrySpend((long)lefts * rights)
        )
        {
            Cheapest(left, lefts, right, rights, cost, result);
            return;
        }
        while (left < leftEnd || right < rightEnd)
            result.Add((left < leftEnd ? left++ : -1, right < rightEnd ? right++ : -1));
    }

    /// <summary>The edit distance of Wagner and Fischer, weighted.</summary>
    private static void Cheapest(
        int left,
        int lefts,
        int right,
        int rights,
        Func<int, int, int> cost,
        List<(int, int)> result
    )
    {
        var costs = new int[lefts + 1, rights + 1];
        for (var one = lefts; one >= 0; one--)
        {
            for (var two = rights; two >= 0; two--)
            {
                if (one == lefts)
                    costs[one, two] = (rights - two) * Unpaired;
                else if (two == rights)
                    costs[one, two] = (lefts - one) * Unpaired;
                else
                    costs[one, two] = Math.Min(
                        costs[one + 1, two + 1] + cost(left + one, right + two),
                        Math.Min(costs[one + 1, two], costs[one, two + 1]) + Unpaired
                    );
            }
        }
        int i = 0,
            j = 0;
        while (i < lefts || j < rights)
        {
            if (i < lefts && j < rights && costs[i, j] == costs[i + 1, j + 1] + cost(left + i, right + j))
                result.Add((left + i++, right + j++));
            else if (i < lefts && costs[i, j] == costs[i + 1, j] + Unpaired)
                result.Add((left + i++, -1));
            else
                result.Add((-1, right + j++));
        }
    }
}
