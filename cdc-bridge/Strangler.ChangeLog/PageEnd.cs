namespace Strangler.ChangeLog;

/// <summary>The position that a page reaches. Pure.</summary>
internal static class PageEnd
{
    /// <summary>
    /// The position that a reader has reached: the log's end if nothing visible is left, else the end of the last
    /// record's transaction if the page has all of it, else the last record.
    /// </summary>
    /// <param name="after">Where the page began.</param>
    /// <param name="last">The page's last record; null if it has none.</param>
    /// <param name="next">The first visible record that the page doesn't hold; null if none exists.</param>
    /// <param name="end">The log's end; null before the first.</param>
    public static Position Through(Position after, Position? last, Position? next, Position? end)
    {
        if (next is not { } rest || last is not { } reached)
            return end > after ? end.Value : after;
        var isWhole = (reached.Epoch, reached.Commit) != (rest.Epoch, rest.Commit);
        return isWhole ? Position.EndOf(reached.Epoch, reached.Commit) : reached;
    }
}
