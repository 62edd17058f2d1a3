namespace Strangler.Foundation.Logging;

/// <summary>
/// When a line that comes over and over is written: at first at once, then rarer the longer it continues, and never
/// more than once a second. What has not come for a while is news again. Not safe for several threads.
/// </summary>
/// <param name="isRarer">Whether it becomes rarer; else it is written once a second at most.</param>
public sealed class RepeatedLine(bool isRarer)
{
    /// <summary>After so long a rest a line is news again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private const int Factor = 10;
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private TimeSpan _interval = MinInterval;

    /// <summary>How many were left out since one was written.</summary>
    public long LeftOut { get; private set; }

    /// <summary>When the next one may be written.</summary>
    public DateTimeOffset Next => _next;

    /// <summary>Whether it has not come for a while, so that the next one is news.</summary>
    public bool IsAtRest(DateTimeOffset now) => LeftOut == 0 && now - _last >= Rest;

    /// <summary>One has come.</summary>
    /// <returns>Whether it is to be written, and how many were left out before; that count starts over then.</returns>
    public (bool IsWritten, long LeftOut) Take(DateTimeOffset now)
    {
        if (IsAtRest(now))
            _interval = MinInterval;
        _last = now;
        if (now >= _next)
            return (true, Write(now));
        LeftOut++;
        return (false, 0);
    }

    /// <summary>Those left out are said.</summary>
    public long Write(DateTimeOffset now)
    {
        var leftOut = LeftOut;
        LeftOut = 0;
        _next = now + _interval;
        if (isRarer)
            _interval = _interval * Factor < MaxInterval ? _interval * Factor : MaxInterval;
        return leftOut;
    }
}
