using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>
/// Finds which unequal elements of two arrays in any order are meant to be the same. Its time is bounded. Its pairs are
/// compared afterwards, so a wrong pair only changes where a difference is shown.
/// </summary>
internal sealed class UnorderedMatcher(TreeComparer walk, int[] ones, int[] twos, RuleState element)
{
    /// <summary>Up to this many pairs, each pair is examined.</summary>
    private const int MaxPairs = 1 << 12;
    private readonly List<(int Left, int Right)> _pairs = [];

    /// <returns>Every place once; -1 is an element without a partner.</returns>
    public List<(int Left, int Right)> Pair(List<int> lefts, List<int> rights)
    {
        if (element.Tolerates)
            PairWithinTolerance(lefts, rights);
        PairByOwnMember(lefts, rights);
        PairLikest(lefts, rights);
        if (lefts.Count == 1 && rights.Count == 1)
            Take(lefts[0], rights[0], lefts, rights);
        foreach (var left in lefts)
            _pairs.Add((left, -1));
        foreach (var right in rights)
            _pairs.Add((-1, right));
        return _pairs;
    }

    /// <summary>Numbers by size; other values only if there are few.</summary>
    private void PairWithinTolerance(List<int> lefts, List<int> rights)
    {
        if (
            lefts.All(left => walk.Legacy[ones[left]].Kind == JsonKind.Number)
            && rights.All(right => walk.Lookup[twos[right]].Kind == JsonKind.Number)
        )
            PairNumbers(lefts, rights);
        else if ((long)lefts.Count * rights.Count <= MaxPairs)
        {
            foreach (var left in lefts.ToList())
            {
                var right = rights.FindIndex(right => IsEqual(left, right));
                if (right >= 0)
                    Take(left, rights[right], lefts, rights);
            }
        }
    }

    private void PairNumbers(List<int> lefts, List<int> rights)
    {
        List<int> left = [.. lefts],
            right = [.. rights];
        left.Sort((a, b) => Compare(walk.Legacy, ones[a], walk.Legacy, ones[b]));
        right.Sort((a, b) => Compare(walk.Lookup, twos[a], walk.Lookup, twos[b]));
        var taken = new List<(int, int)>();
        for (int one = 0, two = 0; one < left.Count && two < right.Count; )
        {
            if (IsEqual(left[one], right[two]))
                taken.Add((left[one++], right[two++]));
            else if (Compare(walk.Legacy, ones[left[one]], walk.Lookup, twos[right[two]]) < 0)
                one++;
            else
                two++;
        }
        TakeAll(taken, lefts, rights);
    }

    /// <summary>A probe costs at most as many steps as its elements have values.</summary>
    private bool IsEqual(int left, int right)
    {
        int one = ones[left],
            two = twos[right];
        return walk.Effort.TrySpend(Math.Min(walk.Legacy[one].End - one, walk.Lookup[two].End - two))
            && !walk.Differ(one, two, element);
    }

    private static int Compare(JsonTree left, int one, JsonTree right, int two) =>
        DecimalText.TryRead(left.Value(one), out var a) && DecimalText.TryRead(right.Value(two), out var b)
            ? a.CompareTo(b)
            : 0;

    /// <summary>Objects that share a member that no other element has, such as an id.</summary>
    private void PairByOwnMember(List<int> lefts, List<int> rights)
    {
        if (lefts.Count < 2 && rights.Count < 2)
            return;
        Dictionary<ulong, int> left = Own(walk.Legacy, ones, lefts),
            right = Own(walk.Lookup, twos, rights);
        var candidates = left.Where(own => own.Value >= 0 && right.GetValueOrDefault(own.Key, -1) >= 0)
            .Select(own => (own.Value, right[own.Key]))
            .GroupBy(pair => pair);
        HashSet<int> usedLefts = [],
            usedRights = [];
        var taken = new List<(int, int)>();
        foreach (
            var (one, two) in candidates
                .OrderByDescending(pair => pair.Count())
                .ThenBy(pair => pair.Key.Item1 + pair.Key.Item2)
                .ThenBy(pair => Math.Abs(pair.Key.Item1 - pair.Key.Item2))
                .Select(pair => pair.Key)
        )
        {
            if (!usedLefts.Contains(one) && !usedRights.Contains(two))
                taken.Add((one, two));
            else
                continue;
            usedLefts.Add(one);
            usedRights.Add(two);
        }
        TakeAll(taken, lefts, rights);
    }

    /// <summary>
    /// Members with their values, and the place of the only element that has it; -1 if several have it.
    /// </summary>
    private Dictionary<ulong, int> Own(JsonTree tree, int[] nodes, List<int> places)
    {
        var own = new Dictionary<ulong, int>();
        foreach (var place in places)
        {
            var node = nodes[place];
            if (tree[node].Kind != JsonKind.Object)
                continue;
            for (var member = node + 1; member < tree[node].End; member = tree[member].End)
            {
                var below = element.Member(tree.Name(member));
                if (below.Ignore is not null)
                    continue;
                var hash = StructuralHash.Member(tree, member, below);
                own[hash] = own.TryGetValue(hash, out var other) && other != place ? -1 : place;
            }
        }
        return own;
    }

    private void PairLikest(List<int> lefts, List<int> rights)
    {
        var pairs = (long)lefts.Count * rights.Count;
        if (pairs > MaxPairs || !walk.Effort.TrySpend(pairs))
        {
            if (IsScalars(walk.Legacy, ones, lefts) && IsScalars(walk.Lookup, twos, rights))
                TakeAll([.. lefts.Zip(rights)], lefts, rights);
            return;
        }
        var candidates = new List<(int Cost, int Left, int Right)>();
        foreach (var left in lefts)
        {
            foreach (var right in rights)
            {
                var cost = ValueDistance.Cost(walk.Legacy, ones[left], walk.Lookup, twos[right], element);
                if (cost < ValueDistance.Whole)
                    candidates.Add((cost, left, right));
            }
        }
        foreach (
            var (_, left, right) in candidates
                .OrderBy(pair => pair.Cost)
                .ThenBy(pair => pair.Left + pair.Right)
                .ThenBy(pair => Math.Abs(pair.Left - pair.Right))
                .ToList()
        )
        {
            if (lefts.Contains(left) && rights.Contains(right))
                Take(left, right, lefts, rights);
        }
    }

    private static bool IsScalars(JsonTree tree, int[] nodes, List<int> places) =>
        places.All(place => tree[nodes[place]].Kind < JsonKind.Array);

    private void Take(int left, int right, List<int> lefts, List<int> rights)
    {
        _pairs.Add((left, right));
        lefts.Remove(left);
        rights.Remove(right);
    }

    private void TakeAll(List<(int Left, int Right)> taken, List<int> lefts, List<int> rights)
    {
        _pairs.AddRange(taken);
        var usedLefts = taken.Select(pair => pair.Left).ToHashSet();
        var usedRights = taken.Select(pair => pair.Right).ToHashSet();
        lefts.RemoveAll(usedLefts.Contains);
        rights.RemoveAll(usedRights.Contains);
    }
}
