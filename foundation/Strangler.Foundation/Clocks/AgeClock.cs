namespace Strangler.Foundation.Clocks;

/// <summary>
/// The time by which ages are measured: the monotonic clock, and the time that it has missed. Linux' monotonic clock
/// stands still while the machine is suspended or its virtual machine paused, so that what was seen before seems young
/// afterwards. Safe for several threads.
/// </summary>
/// <remarks>
/// <para>
/// Another clock shows the gap: if it has run ahead of this time, the difference was missed, and is added. A clock that
/// was only set forward makes ages too high once; one that is set back changes nothing. An age is too low by more than
/// <see cref="MaxUnnoticed"/> only while no other clock shows the gap: a paused virtual machine's own clock may be set
/// right later, and another machine's clock may not have been read yet.
/// </para>
/// <para>
/// The least distance so far is what a clock is held against, so that gaps add up however short they are. A read takes
/// time itself, and what passes in it is not a gap.
/// </para>
/// </remarks>
public sealed class AgeClock(TimeProvider time)
{
    /// <summary>A gap, or several together, that is not counted yet.</summary>
    public static readonly TimeSpan MaxUnnoticed = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _missed;
    private TimeSpan? _ownAhead,
        _otherAhead;
    private string? _other;

    /// <summary>The time since this clock was made. It never goes back.</summary>
    public TimeSpan Now()
    {
        lock (_lock)
        {
            var before = Passed;
            var wall = time.GetUtcNow() - DateTimeOffset.UnixEpoch;
            Compare(ref _ownAhead, wall - Passed, wall - before);
            return Passed;
        }
    }

    /// <summary>Another machine's clock was read. It runs while this machine rests.</summary>
    /// <param name="machine">Which one.</param>
    /// <param name="sent">This time just before it was asked.</param>
    /// <param name="clock">What it said.</param>
    public void Witness(string machine, TimeSpan sent, DateTimeOffset clock)
    {
        lock (_lock)
        {
            if (_other != machine)
                (_other, _otherAhead) = (machine, null);
            var since = clock - DateTimeOffset.UnixEpoch;
            Compare(ref _otherAhead, since - Passed, since - sent);
        }
    }

    private TimeSpan Passed => time.GetElapsedTime(_start) + _missed;

    private void Compare(ref TimeSpan? min, TimeSpan atLeast, TimeSpan atMost)
    {
        if (min is { } before && atLeast - before > MaxUnnoticed)
            _missed += atLeast - before;
        else if (min is null || atMost < min)
            min = atMost;
    }
}
