namespace Strangler.Cli.Up;

/// <summary>The faults that a part says before it ends, as <see cref="FaultLines"/> writes them. The newest fifty are kept.</summary>
internal sealed class LastWords
{
    private const int Limit = 50;
    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public void Add(string line)
    {
        if (!line.StartsWith(FaultLines.Prefix, StringComparison.Ordinal)) return;
        lock (_lines)
        {
            if (_lines.Count == Limit) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }
}
