using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>The kind of an event, as a dashboard names it. Pure.</summary>
internal static class EventKind
{
    /// <summary>The envelope's last members, of which the operation is the first, are shorter.</summary>
    private const int MaxTail = 160;

    public static string Of(LogRecord record) =>
        record.Kind switch
        {
            LogRecordKind.Data => OfOperation(record.Value),
            LogRecordKind.Tombstone => "tombstone",
            LogRecordKind.Truncate => "truncate",
            LogRecordKind.Heartbeat => "heartbeat",
            LogRecordKind.Transaction => "transaction",
            LogRecordKind.Message => "message",
            LogRecordKind.Outbox => "outbox",
            LogRecordKind.Schema => "schema",
            LogRecordKind.TableRead => "table_read",
            LogRecordKind.TableDoubt => "table_doubt",
            _ => "data",
        };

    /// <summary>
    /// An envelope ends with its operation and its times, with a schema too, so that no value of a row comes after it.
    /// </summary>
    private static string OfOperation(ReadOnlySpan<byte> value)
    {
        var name = "\"op\":\""u8;
        var tail = value[Math.Max(0, value.Length - MaxTail)..];
        var at = tail.LastIndexOf(name);
        return at < 0 || at + name.Length >= tail.Length
            ? "data"
            : tail[at + name.Length] switch
            {
                (byte)'c' => "create",
                (byte)'u' => "update",
                (byte)'d' => "delete",
                (byte)'r' => "read",
                _ => "data",
            };
    }
}
