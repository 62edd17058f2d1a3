namespace Strangler.Comparing.Json;

/// <summary>
/// Large node arrays that the next tree reuses. Otherwise each would stay until the next full garbage collection, and
/// the process would hold those of a hundred comparisons. The pool holds its arrays weakly: a collection frees those
/// that nobody uses, and nothing has to be counted.
/// </summary>
internal static class NodePool
{
    /// <summary>Few trees exist at a time: there are slots for a few comparisons at once.</summary>
    private const int Places = 8;

    /// <summary>Sizes are rounded up, so that answers of similar size share arrays.</summary>
    private const int Step = 4 << 10;

    private static readonly WeakReference<JsonNode[]>?[] Kept = new WeakReference<JsonNode[]>?[Places];

    /// <summary>
    /// An array of at least this many nodes and at most <see cref="MaxSize"/>. It contains other callers' data.
    /// </summary>
    public static JsonNode[] Rent(int min)
    {
        for (var place = 0; place < Places; place++)
        {
            var kept = Volatile.Read(ref Kept[place]);
            if (kept is null || !kept.TryGetTarget(out var array))
                continue;
            if (array.Length < min || array.Length > MaxSize(min))
                continue;
            if (Interlocked.CompareExchange(ref Kept[place], null, kept) == kept)
                return array;
        }
        return GC.AllocateUninitializedArray<JsonNode>(Size(min));
    }

    /// <summary>The caller may not use it any more.</summary>
    public static void Return(JsonNode[] array)
    {
        var returned = new WeakReference<JsonNode[]>(array);
        for (var place = 0; place < Places; place++)
        {
            var kept = Volatile.Read(ref Kept[place]);
            if (kept is not null && kept.TryGetTarget(out _))
                continue;
            if (Interlocked.CompareExchange(ref Kept[place], returned, kept) == kept)
                return;
        }
    }

    /// <summary>The most nodes of an array rented for this many.</summary>
    public static long MaxSize(int min) => Size(min) + (Size(min) / 4L);

    private static int Size(int min) => (int)Math.Min(Array.MaxLength, ((long)min + Step - 1) / Step * Step);
}
