namespace Strangler.ChangeLog.Embedded;

/// <summary>When a segment is full and when it may be dropped. Pure.</summary>
internal static class SegmentPolicy
{
    /// <summary>Whether the log continues in a new segment. Only called between transactions.</summary>
    public static bool IsFull(long bytes, DateTimeOffset createdAt, EmbeddedLogOptions options, DateTimeOffset now) =>
        bytes >= options.SegmentBytes || now - createdAt >= options.SegmentAge;

    /// <summary>How many of the oldest segments retention drops: never the newest, and without a gap.</summary>
    /// <param name="segments">
    /// All segments of a source, oldest first: their bytes, and the source's clock at their newest record; null if
    /// their content has been discarded.
    /// </param>
    public static int Droppable(
        IReadOnlyList<(long Bytes, DateTimeOffset? NewestAt)> segments,
        LogRetention retention,
        DateTimeOffset now
    )
    {
        var left = segments.Sum(segment => segment.Bytes);
        var dropped = 0;
        foreach (var (bytes, newestAt) in segments.SkipLast(1))
        {
            var isOld = newestAt is null || now - newestAt > retention.Age;
            if (!isOld && !(left > retention.Bytes))
                break;
            left -= bytes;
            dropped++;
        }
        return dropped;
    }

    /// <summary>How many of the oldest segments hold nothing after <paramref name="kept"/>.</summary>
    /// <param name="starts">Where each segment begins, oldest first.</param>
    /// <param name="kept">Everything after it stays; null if nothing has to.</param>
    public static int Before(IReadOnlyList<Position> starts, Position? kept) =>
        kept is { } at ? starts.Skip(1).TakeWhile(start => start <= at).Count() : starts.Count;
}
