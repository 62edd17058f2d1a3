namespace Strangler.CdcBridge.Configuration;

/// <summary>Tells how unlike two names are.</summary>
internal static class NameDistance
{
    /// <summary>
    /// How many characters must be added, removed, replaced or swapped with their neighbour to make one of the other;
    /// upper and lower case are alike.
    /// </summary>
    public static int Of(string left, string right)
    {
        var (before, above, current) = (
            new int[right.Length + 1],
            new int[right.Length + 1],
            new int[right.Length + 1]
        );
        for (var j = 0; j <= right.Length; j++)
            above[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = IsSame(left[i - 1], right[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]))
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, above, current) = (above, current, before);
        }
        return above[right.Length];
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
