namespace Strangler.Demo.Processes;

/// <summary>The last lines that a process wrote. The oldest are dropped.</summary>
public sealed class Tail(int limit = 20)
{
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == limit)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public override string ToString() => string.Join(" / ", Lines);
}
