namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// From when the gateway's own process was killed until it answered again: only then a request may go unanswered.
/// </summary>
internal sealed class FrontDoor
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan From, TimeSpan To)> _closed = [];

    public void Close(TimeSpan from)
    {
        lock (_lock)
            _closed.Add((from, TimeSpan.MaxValue));
    }

    public void Open(TimeSpan at)
    {
        lock (_lock)
            _closed[^1] = (_closed[^1].From, at);
    }

    public bool WasClosed(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
            return _closed.Any(span => span.From <= to && from <= span.To);
    }
}
