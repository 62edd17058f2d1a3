using Strangler.ChangeLog;

namespace Strangler.Projections.Sources;

/// <summary>Cuts a page so that a batch ends with a transaction.</summary>
internal static class PageCut
{
    /// <summary>
    /// The page up to the end of its last whole transaction, if it ends within another one; the unchanged page if it
    /// ends with a transaction or contains no whole one. The cut page claims no later time than its own records do.
    /// </summary>
    public static LogPage AtTransaction(LogPage page, DateTimeOffset? atBefore)
    {
        if (page.Through.IsEnd || page.Records.Count == 0)
            return page;
        var last = page.Records[^1].Position;
        var count = page.Records.Count;
        while (
            count > 0
            && page.Records[count - 1].Position is var at
            && at.Epoch == last.Epoch
            && at.Commit == last.Commit
        )
            count--;
        if (count == 0)
            return page;
        var whole = page.Records.Take(count).ToList();
        var end = whole[^1].Position;
        var time =
            ChangeReader.CommittedAt(whole[^1])
            ?? whole
                .AsEnumerable()
                .Reverse()
                .Take(8)
                .Select(ChangeReader.CommittedAt)
                .FirstOrDefault(found => found is not null)
            ?? atBefore
            ?? DateTimeOffset.UnixEpoch;
        return new LogPage(
            whole,
            Position.EndOf(end.Epoch, end.Commit),
            atBefore is { } before && before > time ? before : time
        );
    }
}
