using Strangler.ChangeLog;

namespace Strangler.Projections.Sources;

/// <summary>Reading is at least once: what comes again is told by its position.</summary>
internal static class PageOrder
{
    /// <summary>
    /// The page without what lies at or before <paramref name="after"/>, and without what it holds twice.
    /// </summary>
    public static LogPage Behind(LogPage page, Position after)
    {
        var last = after;
        foreach (var record in page.Records)
        {
            if (record.Position <= last)
                return page with { Records = Ascending(page.Records, after) };
            last = record.Position;
        }
        return page;
    }

    private static List<LogRecord> Ascending(IReadOnlyList<LogRecord> records, Position last)
    {
        var ascending = new List<LogRecord>(records.Count);
        foreach (var record in records)
        {
            if (record.Position <= last)
                continue;
            ascending.Add(record);
            last = record.Position;
        }
        return ascending;
    }
}
