namespace Strangler.CdcBridge.Connect;

/// <summary>
/// The order in which a <c>java.util.HashMap</c> enumerates text keys: by bucket, and within a bucket as they were put.
/// The table has 16 buckets, and doubles when more than three quarters are filled. (Buckets of eight or more keys
/// become trees in Java, whose order may differ.)
/// </summary>
internal static class JavaHashOrder
{
    private const int MinBuckets = 16;

    public static List<KeyValuePair<string, T>> Sort<T>(IReadOnlyCollection<KeyValuePair<string, T>> pairs)
    {
        var buckets = MinBuckets;
        while (pairs.Count > buckets / 4 * 3)
            buckets *= 2;
        return [.. pairs.OrderBy(pair => Spread(pair.Key) & (buckets - 1))];
    }

    private static int Spread(string key)
    {
        var hash = 0;
        foreach (var code in key)
            hash = unchecked(31 * hash + code);
        return hash ^ (int)((uint)hash >> 16);
    }
}
