namespace Strangler.Testing;

/// <summary>
/// A monotonic clock and a wall clock that a test moves apart, as a suspended machine or somebody who sets the clock
/// does. Timers are the system's.
/// </summary>
public sealed class TwoClocks : TimeProvider
{
    private long _wall = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero).Ticks;
    private long _monotonic;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _wall), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _monotonic);

    public void Move(TimeSpan monotonic, TimeSpan wall)
    {
        Interlocked.Add(ref _monotonic, monotonic.Ticks);
        Interlocked.Add(ref _wall, wall.Ticks);
    }
}
