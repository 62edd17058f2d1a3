namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// What a record counts for, in bytes, where a page or a segment is bounded: its key, its value and its headers.
/// </summary>
internal static class RecordSize
{
    public static long Of(LogRecord record) =>
        (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + (HeaderBytes.Encode(record.Headers)?.Length ?? 0);
}
