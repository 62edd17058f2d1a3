namespace Strangler.Foundation.Logging;

/// <summary>
/// When a repeated line is written: at first at once, then less often the longer it continues, and never more than once
/// a second. A line that hasn't occurred for a while is news again. Not thread-safe.
/// </summary>
/// <param name="isRarer">Whether it is written less and less often; otherwise at most once a second.</param>
public sealed class RepeatedLine(bool isRarer)
{
    /// <summary>After a pause of this length a line is news again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private const int Factor = 10;
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private TimeSpan _interval = MinInterval;

    /// <summary>How many were left out since one was last written.</summary>
    public long LeftOut { get; private set; }

    /// <summary>When the next one may be written.</summary>
    public DateTimeOffset Next => _next;

    /// <summary>Whether it hasn't occurred for a while, so that the next one is news.</summary>
    public bool IsAtRest(DateTimeOffset now) => LeftOut == 0 && now - _last >= Rest;

    /// <summary>Records an occurrence.</summary>
    /// <returns>Whether to write it, and how many were left out before; that count then starts over.</returns>
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

    /// <summary>Reports those left out.</summary>
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
