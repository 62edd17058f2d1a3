using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>
/// Hashes values by structure under the rules of their place: values that compare as equal have equal hashes, except
/// those that only a tolerance makes equal.
/// </summary>
internal static class StructuralHash
{
    private const ulong Ignored = 0x5bd1e995;

    public static ulong Of(JsonTree tree, int node, RuleState state)
    {
        if (state.Ignore is not null)
            return Ignored;
        ref var value = ref tree[node];
        if (value.Hash != 0)
            return value.Hash;
        var hash = HashMix.Add(
            (ulong)value.Kind + 1,
            value.Kind switch
            {
                JsonKind.Object => Members(tree, node, state),
                JsonKind.Array => Elements(tree, node, state),
                JsonKind.Number => DecimalText.TryRead(tree.Value(node), out var number)
                    ? number.Hash()
                    : HashMix.Bytes(tree.Value(node)),
                JsonKind.String when state.IgnoreCase is not null => HashMix.Bytes(
                    Encoding.UTF8.GetBytes(JsonEscapes.Decode(tree.Value(node)).ToUpperInvariant())
                ),
                _ => HashMix.Bytes(tree.Value(node)),
            }
        );
        return value.Hash = hash == 0 ? 1 : hash;
    }

    private static ulong Members(JsonTree tree, int node, RuleState state)
    {
        ulong sum = 0;
        for (var child = node + 1; child < tree[node].End; child = tree[child].End)
        {
            var member = state.Member(tree.Name(child));
            if (member.Ignore is not null || member.NullIsMissing is not null && tree[child].Kind == JsonKind.Null)
                continue;
            sum += Member(tree, child, member);
        }
        return sum;
    }

    /// <summary>A member including its name.</summary>
    public static ulong Member(JsonTree tree, int member, RuleState state) =>
        HashMix.Spread(HashMix.Add(HashMix.Bytes(tree.Name(member)), Of(tree, member, state)));

    private static ulong Elements(JsonTree tree, int node, RuleState state)
    {
        var unordered = state.AnyOrder is not null || state.KeyedBy is not null;
        var hash = (ulong)tree[node].Count;
        var index = 0;
        for (var child = node + 1; child < tree[node].End; child = tree[child].End, index++)
        {
            if (unordered)
                hash += HashMix.Spread(Of(tree, child, state.Element()));
            else
                hash = HashMix.Add(hash, Of(tree, child, state.Element(index, tree[node].Count)));
        }
        return hash;
    }
}
