namespace Strangler.Cli.Up;

/// <summary>
/// The faults that a part reports before it ends, as <see cref="FaultLines"/> writes them, without our name at the
/// start. The newest fifty are kept.
/// </summary>
internal sealed class LastFaults
{
    private const int MaxCount = 50;
    private readonly Queue<string> _faults = new();

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
                return [.. _faults];
        }
    }

    public void Add(string line)
    {
        if (
            !line.StartsWith(FaultLines.Prefix, StringComparison.Ordinal)
            || line.StartsWith(FaultLines.WarningPrefix, StringComparison.Ordinal)
        )
            return;
        lock (_faults)
        {
            if (_faults.Count == MaxCount)
                _faults.Dequeue();
            _faults.Enqueue(line[FaultLines.Prefix.Length..]);
        }
    }
}
