using System.Text;
using Strangler.Comparing.Json;

namespace Strangler.Comparing.Paths;

/// <summary>The elements of two arrays, grouped by the value of a member.</summary>
internal static class KeyGroups
{
    /// <summary>
    /// Places by key, in the order of the first array, then of the second. The group without a key holds the elements
    /// that have none.
    /// </summary>
    public static List<(string? Key, List<int> Left, List<int> Right)> Of(
        JsonTree left,
        int[] ones,
        JsonTree right,
        int[] twos,
        PathPattern key
    )
    {
        var groups = new List<(string? Key, List<int> Left, List<int> Right)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < ones.Length; at++)
            Group(KeyOf(left, ones[at], key)).Left.Add(at);
        for (var at = 0; at < twos.Length; at++)
            Group(KeyOf(right, twos[at], key)).Right.Add(at);
        return groups;

        (string? Key, List<int> Left, List<int> Right) Group(string? text)
        {
            // no key's text is empty, because it starts with the type
            if (!places.TryGetValue(text ?? "", out var place))
            {
                place = groups.Count;
                places.Add(text ?? "", place);
                groups.Add((text, [], []));
            }
            return groups[place];
        }
    }

    /// <summary>
    /// Equal for equal keys, the type before the value; null if the element has no key: the member is missing, null, an
    /// array or an object.
    /// </summary>
    public static string? KeyOf(JsonTree tree, int element, PathPattern key)
    {
        var node = Member(tree, element, key);
        if (node < 0)
            return null;
        return tree[node].Kind switch
        {
            JsonKind.String => "s" + JsonEscapes.Decode(tree.Value(node)),
            JsonKind.Number => "n" + (DecimalText.TryRead(tree.Value(node), out var number) ? number.Canonical() : ""),
            JsonKind.Boolean => "b" + Encoding.ASCII.GetString(tree.Value(node)),
            _ => null,
        };
    }

    /// <summary>The member at a path of names; -1 if none exists.</summary>
    public static int Member(JsonTree tree, int element, PathPattern path)
    {
        var node = element;
        foreach (var segment in path.Segments)
        {
            node = tree.Find(node, Encoding.UTF8.GetBytes(segment.Name ?? ""));
            if (node < 0)
                return -1;
        }
        return node;
    }
}
