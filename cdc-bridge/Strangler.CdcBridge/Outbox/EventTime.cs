using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>An event's time, from the column that <c>table.field.event.timestamp</c> names.</summary>
internal static class EventTime
{
    /// <summary>
    /// Timestamps without a time zone, as the router reads them; and, beyond it, those with one, ISO texts and whole
    /// numbers, which are milliseconds.
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
                ) => Of(count / Unit(schema)),
            PayloadNode.Text(var text)
                when DateTimeOffset.TryParse(
                    text,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var parsed
                ) => parsed,
            _ => null,
        };
        return time >= DateTimeOffset.UnixEpoch ? time : null;
    }

    private static long Unit(ConnectSchema schema) =>
        schema.Name switch
        {
            "io.debezium.time.MicroTimestamp" => 1_000,
            "io.debezium.time.NanoTimestamp" => 1_000_000,
            _ => 1,
        };

    private static DateTimeOffset? Of(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
