using System.Globalization;
using Strangler.CdcBridge.Profiles;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Debezium's heartbeat records. They take no part in moving the slot on: progress does, which they go with.
/// </summary>
internal sealed class Heartbeats(EventProfile profile, TimeProvider time)
{
    private readonly byte[] _key = SchemaHead.Around(
        profile.HeartbeatHeads.Key,
        [.. "{\"serverName\":"u8, .. profile.Json(profile.Prefix), (byte)'}']
    );

    private long _last = time.GetTimestamp();

    /// <summary>A heartbeat at the end of a progress, if one is due.</summary>
    public (IReadOnlyList<LogRecord> Records, IReadOnlyList<LogTransaction> Transactions) Due(
        Position through,
        DateTimeOffset at
    )
    {
        if (profile.HeartbeatInterval == TimeSpan.Zero || time.GetElapsedTime(_last) < profile.HeartbeatInterval)
            return ([], []);
        _last = time.GetTimestamp();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var value = SchemaHead.Around(
            profile.HeartbeatHeads.Value,
            System.Text.Encoding.ASCII.GetBytes($"{{\"ts_ms\":{now}}}")
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
