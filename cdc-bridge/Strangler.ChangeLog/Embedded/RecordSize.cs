namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// The size of a record in bytes that counts toward the limit of a page or segment: its key, value and headers.
/// </summary>
internal static class RecordSize
{
    public static long Of(LogRecord record) =>
        (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + (HeaderBytes.Encode(record.Headers)?.Length ?? 0);
}
