using Strangler.ChangeLog;

namespace Strangler.Projections.Sources;

/// <summary>
/// Removes repeated records: the log is read at least once, and a repeated record is recognized by its position.
/// </summary>
internal static class PageOrder
{
    /// <summary>The page without records at or before <paramref name="after"/>, and without duplicates.</summary>
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
