namespace Strangler.Projections.Applying;

/// <summary>
/// Decides whether a call hangs: it has made no progress for its limit. The watching side counts the limit in ticks:
/// while the process doesn't run at all, the call doesn't run either, and that time must not count.
/// </summary>
internal sealed class HangCounter
{
    /// <summary>The number of ticks in a limit.</summary>
    public const int Ticks = 8;
    private int? _progress;
    private int _ticks;

    /// <summary>Counts a tick.</summary>
    /// <param name="progress">How far the call is; null while it waits for a thread, which doesn't count.</param>
    /// <param name="patience">How many limits it may take without progress.</param>
    /// <returns>Whether the call hangs.</returns>
    public bool Tick(int? progress, int patience = 1)
    {
        _ticks = progress is not null && progress == _progress ? _ticks + 1 : 0;
        _progress = progress;
        return _ticks >= Ticks * patience;
    }
}
