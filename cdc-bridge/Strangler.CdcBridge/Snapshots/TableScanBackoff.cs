namespace Strangler.CdcBridge.Snapshots;

/// <summary>The pause before unreadable tables are read again: it starts small, and doubles.</summary>
internal sealed class TableScanBackoff(TimeSpan max, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    private TimeSpan _pause;
    private long _began;

    /// <summary>Whether a reading may be tried.</summary>
    public bool IsOver => _pause == TimeSpan.Zero || time.GetElapsedTime(_began) >= _pause;

    /// <summary>A reading has failed.</summary>
    public void Begin()
    {
        var next = _pause == TimeSpan.Zero ? First : _pause * 2;
        _pause = next < max ? next : max;
        _began = time.GetTimestamp();
    }

    /// <summary>A reading has been completed.</summary>
    public void End() => _pause = TimeSpan.Zero;
}
