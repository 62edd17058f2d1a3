using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>An event's time, from the column that <c>table.field.event.timestamp</c> names.</summary>
internal static class EventTime
{
    private const long MillisecondsOfDay = 86_400_000;

    /// <summary>As the connector and Kafka Connect write times: up to the digits that .NET has.</summary>
    private static readonly string[] Iso =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-ddK",
    ];

    /// <summary>
    /// Timestamps without a time zone, as the router reads them; and, beyond it, those with one, dates, which are
    /// midnight in UTC, ISO texts, and whole numbers, which are milliseconds.
    /// </summary>
    /// <returns>Null if Kafka has no such time: it is before 1970, infinite, or no time at all.</returns>
    public static DateTimeOffset? Of(ConnectSchema schema, PayloadNode value)
    {
        var time = value switch
        {
            PayloadNode.Number(var digits)
                when long.TryParse(
                    digits,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var count
                ) => Of(Milliseconds(schema.Name, count)),
            PayloadNode.Text(var text)
                when DateTimeOffset.TryParseExact(
                    text,
                    Iso,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var parsed
                ) => parsed,
            _ => null,
        };
        return time >= DateTimeOffset.UnixEpoch ? time : null;
    }

    /// <summary>Null: the schema's numbers aren't points in time, but times of a day, durations or years.</summary>
    private static long? Milliseconds(string? schema, long count) =>
        schema switch
        {
            null or "io.debezium.time.Timestamp" or "org.apache.kafka.connect.data.Timestamp" => count,
            "io.debezium.time.MicroTimestamp" => count / 1_000,
            "io.debezium.time.NanoTimestamp" => count / 1_000_000,
            "io.debezium.time.Date" or "org.apache.kafka.connect.data.Date" => (count is >= 0 and <= int.MaxValue)
                ? count * MillisecondsOfDay
                : null,
            _ => null,
        };

    private static DateTimeOffset? Of(long? milliseconds) =>
        milliseconds is >= 0 and var known && known <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(known)
            : null;
}
