using System.Numerics;

namespace Strangler.Evidence;

/// <summary>
/// Counts of durations in fixed buckets: exact below 32 µs, then 32 per power of two, so that a quantile is at most a
/// thirty-second too high. Recording doesn't allocate and doesn't block.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;
    private const int Powers = 27; // up to about 35 minutes; longer durations count as that
    private readonly int[] _counts = new int[Sub * (Powers - SubBits + 1)];

    public void Record(long microseconds) => Interlocked.Increment(ref _counts[Bucket(microseconds)]);

    /// <summary>The bucket of a duration: counts by bucket can be added up across processes.</summary>
    public static int Bucket(long microseconds) => Index(Math.Clamp(microseconds, 0, (1L << Powers) - 1));

    public void Clear() => Array.Clear(_counts);

    public void AddTo(long[] sums)
    {
        for (var i = 0; i < _counts.Length; i++)
            sums[i] += Volatile.Read(ref _counts[i]);
    }

    public static long[] EmptySums() => new long[Sub * (Powers - SubBits + 1)];

    /// <summary>
    /// The upper edge of the bucket that contains the quantile, in microseconds; null if nothing was recorded.
    /// </summary>
    public static long? Quantile(long[] sums, double quantile)
    {
        var total = sums.Sum();
        if (total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(total * quantile));
        var index = 0;
        for (var seen = sums[0]; seen < rank; seen += sums[index])
            index++;
        return Edge(index);
    }

    private static int Index(long value)
    {
        if (value < Sub)
            return (int)value;
        var power = BitOperations.Log2((ulong)value);
        return Sub + (power - SubBits) * Sub + (int)((value >> (power - SubBits)) - Sub);
    }

    private static long Edge(int index)
    {
        if (index < Sub)
            return index;
        var shift = (index - Sub) / Sub;
        return ((index - Sub) % Sub + Sub + 1L << shift) - 1;
    }
}
