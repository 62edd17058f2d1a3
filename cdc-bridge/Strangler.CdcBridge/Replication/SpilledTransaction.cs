using Strangler.CdcBridge.Faults;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// A transaction of which the server sends frames before it ends. A part of it (a subtransaction) that is rolled back
/// leaves nothing: parts are nested, and one that ends before another one's end is rolled back with it at the latest,
/// so that everything since the part's first frame belongs to it, or to what is rolled back with it. PostgreSQL's own
/// subscriber relies on the same (stream_abort_internal in src/backend/replication/logical/worker.c).
/// </summary>
internal sealed class SpilledTransaction(string folder) : IDisposable
{
    /// <summary>Parts that are remembered; more are not taken, since they are in memory.</summary>
    public const int MaxParts = 1_000_000;

    private readonly Dictionary<uint, int> _places = [];
    private readonly List<(uint Part, long Begin)> _parts = [];
    private readonly SpillFile _file = new(folder);
    private uint _last;

    public SpillFile File => _file;

    /// <param name="part">The subtransaction, or the transaction itself.</param>
    /// <param name="mark">What is remembered beside the frame.</param>
    /// <param name="kind">The frame's first byte.</param>
    /// <param name="rest">What follows it.</param>
    /// <exception cref="SpillFullException">It has too many parts.</exception>
    public void Add(uint part, ulong mark, byte kind, ReadOnlySpan<byte> rest)
    {
        if (part != _last || _parts.Count == 0)
            Begin(part);
        _file.Add(mark, kind, rest);
    }

    /// <summary>Forgets the frames of a subtransaction that is rolled back.</summary>
    public void Abort(uint part)
    {
        if (!_places.TryGetValue(part, out var place))
            return; // none of its frames was sent
        _file.CutAt(_parts[place].Begin);
        foreach (var (cut, _) in _parts[place..])
            _places.Remove(cut);
        _parts.RemoveRange(place, _parts.Count - place);
        _last = _parts is [.., var (left, _)] ? left : 0;
    }

    public void Dispose() => _file.Dispose();

    private void Begin(uint part)
    {
        if (_places.TryAdd(part, _parts.Count))
        {
            if (_parts.Count == MaxParts)
                throw new SpillFullException($"a transaction has more than {MaxParts} subtransactions");
            _parts.Add((part, _file.Length));
        }
        _last = part;
    }
}
