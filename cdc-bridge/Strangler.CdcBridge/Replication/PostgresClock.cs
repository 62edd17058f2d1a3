namespace Strangler.CdcBridge.Replication;

/// <summary>Protocol times: microseconds since 2000-01-01 in UTC.</summary>
internal static class PostgresClock
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        Epoch.AddTicks(checked(microseconds * TimeSpan.TicksPerMicrosecond));
}
