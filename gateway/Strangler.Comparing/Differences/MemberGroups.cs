using Strangler.Comparing.Json;

namespace Strangler.Comparing.Differences;

/// <summary>The members of two objects by name, in the order of the first, then of the second.</summary>
internal static class MemberGroups
{
    public static List<(int[] Left, int[] Right)> Of(JsonTree left, int leftObject, JsonTree right, int rightObject)
    {
        int[] ones = left.Children(leftObject),
            twos = right.Children(rightObject);
        Sort(left, ones);
        Sort(right, twos);
        var groups = new List<(int[] Left, int[] Right)>(Math.Max(ones.Length, twos.Length));
        int one = 0,
            two = 0;
        while (one < ones.Length || two < twos.Length)
        {
            var order =
                one == ones.Length ? 1
                : two == twos.Length ? -1
                : left.Name(ones[one]).SequenceCompareTo(right.Name(twos[two]));
            var oneEnd = order <= 0 ? Run(left, ones, one) : one;
            var twoEnd = order >= 0 ? Run(right, twos, two) : two;
            groups.Add((ones[one..oneEnd], twos[two..twoEnd]));
            (one, two) = (oneEnd, twoEnd);
        }
        groups.Sort((a, b) => Place(a).CompareTo(Place(b)));
        return groups;

        static (bool, int) Place((int[] Left, int[] Right) group) =>
            group.Left.Length > 0 ? (false, group.Left[0]) : (true, group.Right[0]);
    }

    /// <summary>By name; members with the same name keep their order.</summary>
    private static void Sort(JsonTree tree, int[] members) =>
        Array.Sort(
            members,
            (a, b) => tree.Name(a).SequenceCompareTo(tree.Name(b)) is var order && order != 0 ? order : a.CompareTo(b)
        );

    private static int Run(JsonTree tree, int[] members, int from)
    {
        var end = from + 1;
        while (end < members.Length && tree.Name(members[end]).SequenceEqual(tree.Name(members[from])))
            end++;
        return end;
    }
}
