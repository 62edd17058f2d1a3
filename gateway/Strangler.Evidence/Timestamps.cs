namespace Strangler.Evidence;

/// <summary>Times as the store holds them.</summary>
internal static class Timestamps
{
    /// <summary>Truncated to microseconds, in UTC, so that sums here and in the store agree.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset Minute(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    /// <summary>The number of its quarter of a day, in UTC.</summary>
    public static long Quarter(DateTimeOffset time) => time.ToUnixTimeSeconds() / (6 * 3_600);

    public static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
