using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>
/// How unlike two values are, from 0 (equal) to <see cref="Whole"/> (nothing in common). It decides which elements are
/// compared with each other, and never a verdict.
/// </summary>
internal static class ValueDistance
{
    public const int Whole = 100;
    private const int OtherScalar = 90;
    private const int OtherArray = 75;
    private const int MaxMembers = 16;

    public static int Cost(JsonTree left, int one, JsonTree right, int two, RuleState state)
    {
        if (StructuralHash.Of(left, one, state) == StructuralHash.Of(right, two, state))
            return 0;
        var kind = left[one].Kind;
        if (kind != right[two].Kind)
            return Whole;
        return kind switch
        {
            JsonKind.Object => Members(left, one, right, two, state),
            JsonKind.Array => OtherArray,
            _ => OtherScalar,
        };
    }

    /// <summary>Examines the first members only.</summary>
    private static int Members(JsonTree left, int one, JsonTree right, int two, RuleState state)
    {
        int cost = 0,
            seen = 0,
            shared = 0,
            like = two + 1;
        for (var member = one + 1; member < left[one].End && seen < MaxMembers; member = left[member].End, seen++)
        {
            if (like > 0 && !(like < right[two].End && right.Name(like).SequenceEqual(left.Name(member))))
                like = 0; // usually both have the same order
            var other = like > 0 ? like : Find(right, two, left.Name(member));
            if (like > 0)
                like = right[like].End;
            if (other < 0)
            {
                cost += 2;
                continue;
            }
            shared++;
            var below = state.Member(left.Name(member));
            if (StructuralHash.Of(left, member, below) != StructuralHash.Of(right, other, below))
                cost++;
        }
        var others = Math.Max(0, Math.Min(right[two].Count, MaxMembers) - shared);
        var all = seen + others;
        return all == 0 ? 0 : (cost + (others * 2)) * Whole / (all * 2);
    }

    private static int Find(JsonTree tree, int node, ReadOnlySpan<byte> name)
    {
        var seen = 0;
        for (var child = node + 1; child < tree[node].End && seen < MaxMembers; child = tree[child].End, seen++)
        {
            if (tree.Name(child).SequenceEqual(name))
                return child;
        }
        return -1;
    }
}
