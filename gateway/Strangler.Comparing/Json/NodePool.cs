namespace Strangler.Comparing.Json;

/// <summary>
/// Large arrays of nodes, which are used again by the next tree: each would otherwise stay until the collector's next
/// full collection, so that the process held those of a hundred comparisons. It holds what it keeps weakly: a
/// collection takes what nobody uses, and nothing has to be counted.
/// </summary>
internal static class NodePool
{
    /// <summary>Trees beside each other are few: there is room for work of a few at once.</summary>
    private const int Places = 8;

    /// <summary>Sizes are rounded up, so that answers of about one size share arrays.</summary>
    private const int Step = 4 << 10;

    private static readonly WeakReference<JsonNode[]>?[] Kept = new WeakReference<JsonNode[]>?[Places];

    /// <summary>
    /// An array with at least so many nodes, and of at most <see cref="MaxSize"/>. What is in it is of others.
    /// </summary>
    public static JsonNode[] Rent(int least)
    {
        for (var place = 0; place < Places; place++)
        {
            var kept = Volatile.Read(ref Kept[place]);
            if (kept is null || !kept.TryGetTarget(out var array))
                continue;
            if (array.Length < least || array.Length > MaxSize(least))
                continue;
            if (Interlocked.CompareExchange(ref Kept[place], null, kept) == kept)
                return array;
        }
        return GC.AllocateUninitializedArray<JsonNode>(Size(least));
    }

    /// <summary>Nobody may use it any more.</summary>
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

    /// <summary>The most nodes that an array for so many has.</summary>
    public static long MaxSize(int least) => Size(least) + (Size(least) / 4L);

    private static int Size(int least) => (int)Math.Min(Array.MaxLength, ((long)least + Step - 1) / Step * Step);
}
