using System.Globalization;
using Strangler.CdcBridge.Profiles;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Debezium's heartbeat records. They take no part in moving the slot on: progress does, which they go with.
/// </summary>
internal sealed class Heartbeats(EventProfile profile)
{
    private readonly byte[] _key = SchemaHead.Around(
        profile.HeartbeatHeads.Key,
        [.. "{\"serverName\":"u8, .. profile.Json(profile.Prefix), (byte)'}']
    );

    private TimeSpan _last;

    /// <summary>A heartbeat at the end of a progress, if one is due.</summary>
    /// <param name="through">The end.</param>
    /// <param name="at">The source's clock there.</param>
    /// <param name="running">How long the stream has run.</param>
    /// <param name="now">The clock of this machine.</param>
    public (IReadOnlyList<LogRecord> Records, IReadOnlyList<LogTransaction> Transactions) Due(
        Position through,
        DateTimeOffset at,
        TimeSpan running,
        DateTimeOffset now
    )
    {
        if (profile.HeartbeatInterval == TimeSpan.Zero || running - _last < profile.HeartbeatInterval)
            return ([], []);
        _last = running;
        var milliseconds = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var value = SchemaHead.Around(
            profile.HeartbeatHeads.Value,
            System.Text.Encoding.ASCII.GetBytes($"{{\"ts_ms\":{milliseconds}}}")
        );
        var record = new LogRecord(
            through with
            {
                Ordinal = 0,
            },
            0,
            LogRecordKind.Heartbeat,
            profile.HeartbeatTopic,
            _key,
            [],
            value
        );
        return ([record], [new LogTransaction(through.Commit, 0, at, 1)]);
    }
}
