using System.Buffers.Binary;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>
/// A history of overlapping transactions with savepoints, and what pgoutput sends of it: at each commit (protocol
/// version 1), or in pieces before it (version 2), by the rules of src/backend/replication/pgoutput/pgoutput.c. A
/// table's shape has a number, which stands in its description and in each of its rows.
/// </summary>
internal sealed class PgOutputHistory
{
    private const int Tables = 3;
    private const int MaxOpen = 4;

    private readonly List<Transaction> _open = [];
    private readonly int[] _shapes = [1, 1, 1];
    private readonly SentTable[] _tables1 = [new(), new(), new()];
    private readonly SentTable[] _tables2 = [new(), new(), new()];
    private uint _xid = 100;
    private ulong _lsn = 1_000;

    /// <summary>What a session of version 1 gets.</summary>
    public List<byte[]> Version1 { get; } = [];

    /// <summary>What a session of version 2 gets, with the place of each frame.</summary>
    public List<(byte[] Frame, ulong Lsn)> Version2 { get; } = [];

    /// <summary>Makes the history that a list of numbers chooses; all transactions have ended then.</summary>
    public static PgOutputHistory Of(IReadOnlyList<int> choices)
    {
        var history = new PgOutputHistory();
        for (var i = 0; i + 1 < choices.Count; i += 2)
            history.Step(choices[i], choices[i + 1]);
        while (history._open is [var left, ..])
            history.Commit(left);
        return history;
    }

    private void Step(int action, int which)
    {
        _lsn += 8;
        if (_open.Count == 0 || (action % 12 == 0 && _open.Count < MaxOpen))
        {
            _open.Add(new Transaction(++_xid));
            return;
        }
        var transaction = _open[which % _open.Count];
        switch (action % 12)
        {
            case 1 or 2 or 3 or 4:
                Change(transaction, which / 7 % Tables);
                break;
            case 5:
                transaction.Savepoint(++_xid);
                break;
            case 6:
                transaction.Release();
                break;
            case 7:
                RollBack(transaction, transaction.RollBack());
                break;
            case 8:
                Commit(transaction);
                break;
            case 9:
                Abort(transaction);
                break;
            case 10:
                Stream(transaction);
                break;
            default:
                _shapes[which % Tables]++;
                break;
        }
    }

    private void Change(Transaction transaction, int table) =>
        transaction.Changes.Add(new SentRow(transaction.Part, table, _shapes[table], _lsn));

    private void Commit(Transaction transaction)
    {
        var at = _lsn += 8;
        Version1.Add(Begin(transaction.Xid, at));
        foreach (var change in transaction.Changes)
        {
            if (_tables1[change.Table].IsNewTo(change))
                Version1.Add(Describe(change));
            Version1.Add(Insert(change));
        }
        Version1.Add(Ends('C', at));
        if (transaction.Streamed.Count > 0)
        {
            Stream(transaction);
            Version2.Add((Ends('c', at, transaction.Xid), at));
            foreach (var table in _tables2)
                table.Commit(transaction.Xid);
        }
        else
        {
            Version2.Add((Begin(transaction.Xid, at), at));
            foreach (var change in transaction.Changes)
            {
                if (_tables2[change.Table].IsNewTo(change))
                    Version2.Add((Describe(change), change.Lsn));
                Version2.Add((Insert(change), change.Lsn));
            }
            Version2.Add((Ends('C', at), at));
        }
        _open.Remove(transaction);
    }

    /// <summary>Sends what the transaction has so far, as when the server's memory is used up.</summary>
    private void Stream(Transaction transaction)
    {
        var waiting = transaction.Changes.Where(change => !change.IsSent).ToList();
        if (waiting.Count == 0)
            return;
        Version2.Add((Starts(transaction.Xid, transaction.Streamed.Count == 0), waiting[0].Lsn));
        transaction.Streamed.Add(transaction.Xid);
        foreach (var change in waiting)
        {
            if (_tables2[change.Table].IsNewTo(change, transaction.Xid))
                Version2.Add((Within(change.Part, Describe(change)), change.Lsn));
            Version2.Add((Within(change.Part, Insert(change)), change.Lsn));
            change.IsSent = true;
            transaction.Streamed.Add(change.Part);
        }
        Version2.Add(([(byte)'E'], waiting[^1].Lsn));
    }

    private void RollBack(Transaction transaction, IReadOnlyList<uint> parts)
    {
        foreach (var part in parts.Where(transaction.Streamed.Contains))
        {
            Version2.Add((Aborts(transaction.Xid, part), _lsn));
            foreach (var table in _tables2)
                table.Abort(transaction.Xid);
        }
        transaction.Changes.RemoveAll(change => parts.Contains(change.Part));
    }

    private void Abort(Transaction transaction)
    {
        if (transaction.Streamed.Count > 0)
        {
            RollBack(transaction, transaction.AllParts);
            Version2.Add((Aborts(transaction.Xid, transaction.Xid), _lsn));
        }
        _open.Remove(transaction);
    }

    private static byte[] Begin(uint xid, ulong commit) =>
        [(byte)'B', .. Bytes(commit), .. Bytes(commit), .. Bytes(xid)];

    private static byte[] Ends(char kind, ulong commit, uint? xid = null) =>
        [(byte)kind, .. xid is { } id ? Bytes(id) : [], 0, .. Bytes(commit), .. Bytes(commit + 8), .. Bytes(commit)];

    private static byte[] Starts(uint xid, bool isFirst) => [(byte)'S', .. Bytes(xid), isFirst ? (byte)1 : (byte)0];

    private static byte[] Aborts(uint xid, uint part) => [(byte)'A', .. Bytes(xid), .. Bytes(part)];

    private static byte[] Describe(SentRow change) =>
        [(byte)'R', .. Bytes((uint)change.Table), .. System.Text.Encoding.ASCII.GetBytes($"{change.Shape}")];

    private static byte[] Insert(SentRow change) =>
        [
            (byte)'I',
            .. Bytes((uint)change.Table),
            .. System.Text.Encoding.ASCII.GetBytes($"{change.Shape}"),
            (byte)' ',
            .. Bytes(change.Lsn),
        ];

    /// <summary>A frame as it is in a stream: the part stands behind its kind.</summary>
    private static byte[] Within(uint part, byte[] frame) => [frame[0], .. Bytes(part), .. frame[1..]];

    private static byte[] Bytes(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Bytes(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    /// <param name="Part">The subtransaction, or the transaction itself.</param>
    private sealed record SentRow(uint Part, int Table, int Shape, ulong Lsn)
    {
        public bool IsSent { get; set; }
    }

    /// <summary>
    /// What the server remembers of a table (RelationSyncEntry): another shape makes it forget whom it has told.
    /// </summary>
    private sealed class SentTable
    {
        private readonly HashSet<uint> _toldWithin = [];
        private int _shape;
        private bool _isTold;

        public bool IsNewTo(SentRow change, uint? streamed = null)
        {
            if (_shape != change.Shape)
            {
                (_shape, _isTold) = (change.Shape, false);
                _toldWithin.Clear();
            }
            if (streamed is { } xid)
                return _toldWithin.Add(xid);
            var isNew = !_isTold;
            _isTold = true;
            return isNew;
        }

        public void Commit(uint xid) => _isTold |= _toldWithin.Remove(xid);

        public void Abort(uint xid) => _toldWithin.Remove(xid);
    }

    private sealed class Transaction(uint xid)
    {
        private readonly Stack<uint> _savepoints = new();
        private readonly Dictionary<uint, uint> _parents = [];

        public uint Xid { get; } = xid;

        /// <summary>Those that aren't rolled back.</summary>
        public List<SentRow> Changes { get; } = [];

        /// <summary>Which parts have had a frame sent.</summary>
        public HashSet<uint> Streamed { get; } = [];

        /// <summary>The part in which a statement runs.</summary>
        public uint Part => _savepoints.TryPeek(out var part) ? part : Xid;

        /// <summary>Every part but the transaction itself, children first.</summary>
        public IReadOnlyList<uint> AllParts => [.. _parents.Keys.Reverse()];

        public void Savepoint(uint part)
        {
            _parents[part] = Part;
            _savepoints.Push(part);
        }

        public void Release() => _savepoints.TryPop(out _);

        /// <returns>The parts that are rolled back, children first.</returns>
        public List<uint> RollBack()
        {
            if (!_savepoints.TryPop(out var root))
                return [];
            var gone = _parents.Keys.Where(part => IsWithin(part, root)).Reverse().ToList();
            gone.ForEach(part => _parents.Remove(part));
            return gone;
        }

        private bool IsWithin(uint part, uint root)
        {
            while (part != root)
            {
                if (!_parents.TryGetValue(part, out part))
                    return false;
            }
            return true;
        }
    }
}
