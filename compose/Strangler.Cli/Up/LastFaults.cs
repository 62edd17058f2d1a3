using Strangler.Foundation.Processes;

namespace Strangler.Cli.Up;

/// <summary>
/// The faults that a part reports before it ends, as <see cref="FaultLines"/> writes them, without our name at the
/// start. The newest fifty are kept, up to <see cref="MaxTotalLength"/>: the states of all parts are sent in one line,
/// and <see cref="BoundedLineReader"/> cuts a line that is too long, which can't be parsed.
/// </summary>
internal sealed class LastFaults
{
    /// <summary>How long a fault is at most; the rest of it is cut.</summary>
    public const int MaxLength = 1_000;

    /// <summary>How long all of them are at most: JSON writes six bytes for a character in the worst case.</summary>
    public const int MaxTotalLength = 12_000;

    private const int MaxCount = 50;
    private readonly Queue<string> _faults = new();
    private int _length;

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
            var fault = TextCut.At(MaxLength, line[FaultLines.Prefix.Length..]);
            _faults.Enqueue(fault);
            _length += fault.Length;
            while (_faults.Count > MaxCount || _length > MaxTotalLength)
                _length -= _faults.Dequeue().Length;
        }
    }
}
