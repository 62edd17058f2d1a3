using Strangler.CdcBridge.Faults;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge;

/// <summary>Counts the sessions in a row whose stream the server abandoned at one place, for no known reason.</summary>
internal sealed class AbandonedStreams
{
    /// <summary>From this count on, it doesn't pass by itself.</summary>
    public const int Max = 5;

    private Position? _end;

    /// <summary>How many there were in a row.</summary>
    public int Count { get; private set; }

    /// <param name="exception">What a session ended with.</param>
    /// <param name="end">Where the log ended then.</param>
    /// <returns>Whether a person has to be told: at the fifth, and at each fifth from then on.</returns>
    public bool Ended(Exception exception, Position? end)
    {
        var isAbandoned = exception is StreamAbandonedException;
        Count =
            !isAbandoned ? 0
            : end == _end ? Count + 1
            : 1;
        _end = end;
        return Count > 0 && Count % Max == 0;
    }
}
