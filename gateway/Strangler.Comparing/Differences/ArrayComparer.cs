using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>
/// Compares two arrays: by index, in any order, or by key. Each element is compared or reported once; a different
/// length alone is not a difference.
/// </summary>
internal sealed class ArrayComparer(TreeComparer walk, int left, int right, RuleState state)
{
    private readonly JsonTree _legacy = walk.Legacy;
    private readonly JsonTree _lookup = walk.Lookup;
    private readonly int[] _ones = walk.Legacy.Children(left);
    private readonly int[] _twos = walk.Lookup.Children(right);

    public void Compare()
    {
        if (state.KeyedBy is { } key)
            CompareByKey(key);
        else if (state.AnyOrder is { } rule)
            CompareInAnyOrder(rule);
        else if (state.NamesElements)
            CompareByPlace();
        else
            CompareAligned();
    }

    /// <summary>Rules name single elements, so indexes count and nothing may be shifted.</summary>
    private void CompareByPlace()
    {
        for (var at = 0; at < Math.Max(_ones.Length, _twos.Length) && !walk.IsDone; at++)
        {
            Pair(
                at < _ones.Length ? at : -1,
                at < _twos.Length ? at : -1,
                state.Element(at, at < _ones.Length ? _ones.Length : _twos.Length)
            );
        }
    }

    private void CompareAligned()
    {
        var element = state.Element();
        int start = 0,
            ones = _ones.Length,
            twos = _twos.Length;
        for (; start < ones && start < twos && !walk.IsDone && IsLike(start, start, element); start++)
            Pair(start, start, element);
        var tail = 0;
        while (tail < ones - start && tail < twos - start && IsLike(ones - 1 - tail, twos - 1 - tail, element))
            tail++;
        ones -= tail;
        twos -= tail;
        if (walk.IsProbing && ones != twos && element.Ignore is null)
        {
            walk.Report(DifferenceKind.Extra, -1, right, state); // a probe only asks whether they differ
            return;
        }
        if (walk.IsProbing || ones - start == 1 && twos - start == 1 || start == ones || start == twos)
        {
            for (var at = start; at < Math.Max(ones, twos) && !walk.IsDone; at++)
                Pair(at < ones ? at : -1, at < twos ? at : -1, element);
        }
        else if (element.Ignore is not null)
            CompareRest(start, ones, twos, element);
        else
            CompareMiddle(start, ones, twos, element);
        for (; tail > 0 && !walk.IsDone; tail--)
            Pair(_ones.Length - tail, _twos.Length - tail, element);
    }

    private void CompareRest(int start, int ones, int twos, RuleState element)
    {
        for (var at = start; at < Math.Max(ones, twos); at++)
            Pair(at < ones ? at : -1, at < twos ? at : -1, element);
    }

    private void CompareMiddle(int start, int ones, int twos, RuleState element)
    {
        ulong[] lefts = Hashes(_legacy, _ones.AsSpan(start, ones - start), element),
            rights = Hashes(_lookup, _twos.AsSpan(start, twos - start), element);
        if (lefts.Length == rights.Length && SameOtherwise(lefts, rights))
        {
            walk.Report(DifferenceKind.Order, left, right, state);
            var (pairs, _, _) = HashPairs.Of(lefts, rights);
            foreach (var (one, two) in pairs)
                Pair(start + one, start + two, element); // what rules ignore in them still counts
            return;
        }
        foreach (
            var (one, two) in Alignment.Of(
                lefts,
                rights,
                (one, two) => ValueDistance.Cost(_legacy, _ones[start + one], _lookup, _twos[start + two], element),
                walk.Effort
            )
        )
        {
            if (walk.IsDone)
                return;
            Pair(one < 0 ? -1 : start + one, two < 0 ? -1 : start + two, element);
        }
    }

    private void CompareInAnyOrder(string rule)
    {
        var element = state.Element();
        var (pairs, ones, twos) = HashPairs.Of(Hashes(_legacy, _ones, element), Hashes(_lookup, _twos, element));
        pairs.AddRange(new UnorderedMatcher(walk, _ones, _twos, element).Pair(ones, twos));
        ComparePairs(pairs, element, rule);
    }

    private void CompareByKey(PathPattern key)
    {
        var groups = KeyGroups.Of(_legacy, _ones, _lookup, _twos, key);
        var element = state.Element();
        var pairs = new List<(int, int)>();
        foreach (var (_, ones, twos) in groups)
        {
            var both = Math.Min(ones.Count, twos.Count);
            for (var at = 0; at < both; at++)
                pairs.Add((ones[at], twos[at]));
        }
        ComparePairs(pairs, element, state.KeyedByRule!);
        foreach (var (text, ones, twos) in groups)
        {
            var both = Math.Min(ones.Count, twos.Count);
            var isTwice = text is not null && both > 0;
            for (var at = both; at < Math.Max(ones.Count, twos.Count) && !walk.IsDone; at++)
                Single(at < ones.Count ? ones[at] : -1, at < twos.Count ? twos[at] : -1, element, isTwice);
        }
    }

    /// <summary>Pairs of elements whose order doesn't count.</summary>
    private void ComparePairs(List<(int Left, int Right)> pairs, RuleState element, string rule)
    {
        var last = -1;
        var moved = false;
        foreach (var (one, two) in pairs.Where(pair => pair is { Left: >= 0, Right: >= 0 }).OrderBy(pair => pair.Left))
        {
            moved |= two < last;
            last = Math.Max(two, last);
        }
        if (moved)
            walk.Pass(rule);
        foreach (var (one, two) in pairs)
        {
            if (walk.IsDone)
                return;
            Pair(one, two, element);
        }
    }

    private void Pair(int one, int two, RuleState element)
    {
        if (one >= 0 && two >= 0)
        {
            if (_legacy.Raw(_ones[one]).SequenceEqual(_lookup.Raw(_twos[two])))
                return;
            walk.Trail.PushElement(one, Identity(_legacy, _ones[one]));
            walk.Compare(_ones[one], _twos[two], element);
            walk.Trail.Pop();
        }
        else
            Single(one, two, element, isTwice: false);
    }

    private void Single(int one, int two, RuleState element, bool isTwice)
    {
        walk.Trail.PushElement(
            one >= 0 ? one : two,
            one >= 0 ? Identity(_legacy, _ones[one]) : Identity(_lookup, _twos[two])
        );
        if (element.Ignore is { } ignore)
            walk.Pass(ignore);
        else
            walk.Report(
                isTwice ? DifferenceKind.DuplicateKey
                    : one >= 0 ? DifferenceKind.Missing
                    : DifferenceKind.Extra,
                one >= 0 ? _ones[one] : -1,
                two >= 0 ? _twos[two] : -1,
                element
            );
        walk.Trail.Pop();
    }

    /// <summary>
    /// What distinguishes an element from the others: its key if it has one, nothing if the order doesn't count,
    /// otherwise its index.
    /// </summary>
    private ulong Identity(JsonTree tree, int element)
    {
        if (state.KeyedBy is { } key)
            return KeyGroups.KeyOf(tree, element, key) is { } text
                ? HashMix.Bytes(Encoding.UTF8.GetBytes(text)) | 1
                : 1;
        return state.AnyOrder is null ? 0UL : 1UL;
    }

    private bool IsLike(int one, int two, RuleState element)
    {
        if (_legacy.Raw(_ones[one]).SequenceEqual(_lookup.Raw(_twos[two])))
            return true;
        return element.Ignore is null
            && StructuralHash.Of(_legacy, _ones[one], element) == StructuralHash.Of(_lookup, _twos[two], element);
    }

    private static bool SameOtherwise(ulong[] lefts, ulong[] rights)
    {
        ulong[] one = [.. lefts],
            two = [.. rights];
        Array.Sort(one);
        Array.Sort(two);
        return one.AsSpan().SequenceEqual(two);
    }

    private static ulong[] Hashes(JsonTree tree, ReadOnlySpan<int> elements, RuleState element)
    {
        var hashes = new ulong[elements.Length];
        for (var at = 0; at < hashes.Length; at++)
            hashes[at] = StructuralHash.Of(tree, elements[at], element);
        return hashes;
    }
}
