using System.Buffers.Binary;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// Undoes what protocol version 2 adds: frames of transactions that have not ended go into files, and come back as if
/// they had been sent at the commit, as in version 1. What is rolled back leaves nothing.
/// <para>
/// A table's description applies to what the server sends after it. Those within a transaction come back with it, later
/// than they were sent, so one that was sent meanwhile outside of it is given out again behind it.
/// </para>
/// <para>
/// Logical messages can't be turned back: a savepoint that rolls back may leave its own, and take one before it. Where
/// they count, the server keeps the transactions.
/// </para>
/// </summary>
/// <param name="folder">Where the files are made.</param>
/// <param name="max">How many bytes they may have together.</param>
internal sealed class StreamedTransactions(string folder, long max) : IDisposable
{
    private readonly Dictionary<uint, SpilledTransaction> _open = [];
    private readonly Dictionary<uint, (ulong Sent, byte[] Frame)> _tables = [];
    private readonly Queue<byte[]> _given = new();
    private readonly Dictionary<uint, (ulong Sent, byte[] Frame)> _givenTables = [];
    private SpilledTransaction? _committed;
    private byte[] _commit = [];
    private uint? _streaming;
    private ulong _sent;
    private long _length;
    private int _held;

    /// <summary>Bytes in the files.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>
    /// Whether no transaction is held. It may be asked from any thread: a transaction is held from before its first
    /// frame is taken until after its last one was given.
    /// </summary>
    public bool IsEmpty => Volatile.Read(ref _held) == 0;

    /// <summary>Whether frames of a committed transaction wait for <see cref="Take"/>.</summary>
    public bool HasNext => _committed is not null || _given.Count > 0;

    /// <summary>Takes a frame, unless it is one that version 1 has as well.</summary>
    /// <returns>False if the frame is to be handled as it is.</returns>
    /// <exception cref="SpillFullException">There is no room for it.</exception>
    public bool Keeps(ReadOnlySpan<byte> frame, Lsn lsn)
    {
        if (frame.IsEmpty)
            return false;
        try
        {
            return _streaming is { } xid ? KeepStreamed(xid, frame, lsn) : KeepBetween(frame);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new SpillFullException($"no file in {folder} can be written: {exception.Message}", exception);
        }
    }

    /// <summary>The next frame of the committed transaction, as version 1 has it.</summary>
    /// <param name="buffer">Returns room for a frame of a length.</param>
    /// <returns>The frame's length, and its change's place in the write-ahead log.</returns>
    /// <exception cref="SpillFullException">A file can't be read.</exception>
    public (int Length, Lsn Lsn) Take(Func<int, byte[]> buffer)
    {
        try
        {
            return TakeNext(buffer);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new SpillFullException($"a file in {folder} can't be read: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        foreach (var transaction in _open.Values)
            transaction.Dispose();
        _committed?.Dispose();
        Interlocked.Exchange(ref _length, 0);
    }

    private (int Length, Lsn Lsn) TakeNext(Func<int, byte[]> buffer)
    {
        if (_given.TryDequeue(out var made))
        {
            made.CopyTo(buffer(made.Length), 0);
            Release();
            return (made.Length, default);
        }
        if (_committed!.File.Next() is not (var mark, var length))
        {
            End();
            return TakeNext(buffer);
        }
        var frame = buffer(length).AsSpan(0, length);
        _committed.File.Read(frame);
        if (!IsTable(frame))
            return (length, new Lsn(mark));
        _givenTables[Table(frame)] = (mark, frame.ToArray());
        return (length, default);
    }

    private bool KeepBetween(ReadOnlySpan<byte> frame)
    {
        switch ((char)frame[0])
        {
            case RelationMessage.Kind:
                _tables[Table(frame)] = (++_sent, frame.ToArray());
                return false;
            case StreamStartMessage.Kind:
                var start = StreamStartMessage.Read(frame);
                _streaming = start.Xid;
                if (!_open.ContainsKey(start.Xid))
                {
                    Volatile.Write(ref _held, _held + 1);
                    _open.Add(start.Xid, new SpilledTransaction(folder));
                }
                return true;
            case StreamAbortMessage.Kind:
                Abort(StreamAbortMessage.Read(frame));
                return true;
            case StreamCommitMessage.Kind:
                Commit(StreamCommitMessage.Read(frame));
                return true;
            case StreamStopMessage.Kind:
                throw new MalformedFrameException("A stream stops that has not started.");
            default:
                return false;
        }
    }

    private bool KeepStreamed(uint xid, ReadOnlySpan<byte> frame, Lsn lsn)
    {
        var kind = (char)frame[0];
        switch (kind)
        {
            case StreamStopMessage.Kind:
                StreamStopMessage.Read(frame);
                _streaming = null;
                return true;
            case OriginMessage.Kind: // the transaction's
                Add(xid, xid, lsn.Value, frame[0], frame[1..]);
                return true;
            case RelationMessage.Kind
            or TypeMessage.Kind
            or LogicalMessage.Kind
            or InsertMessage.Kind
            or UpdateMessage.Kind
            or DeleteMessage.Kind
            or TruncateMessage.Kind:
                if (frame.Length < 5)
                    throw new MalformedFrameException($"A streamed message of kind '{kind}' names no transaction.");
                var mark = kind == RelationMessage.Kind ? ++_sent : lsn.Value;
                Add(xid, BinaryPrimitives.ReadUInt32BigEndian(frame[1..]), mark, frame[0], frame[5..]);
                return true;
            default:
                throw new MalformedFrameException($"A message of kind '{kind}' comes within a stream.");
        }
    }

    private void Add(uint xid, uint part, ulong mark, byte kind, ReadOnlySpan<byte> rest)
    {
        if (_length + SpillFile.HeaderLength + 1 + rest.Length > max)
            throw new SpillFullException($"transactions that have not ended have more than {max} bytes");
        var transaction = _open[xid];
        var before = transaction.File.Length;
        transaction.Add(part, mark, kind, rest);
        Interlocked.Add(ref _length, transaction.File.Length - before);
    }

    private void Abort(StreamAbortMessage abort)
    {
        if (!_open.TryGetValue(abort.Xid, out var transaction))
            throw Unknown(abort.Xid, "is rolled back");
        if (abort.Part != abort.Xid)
        {
            var before = transaction.File.Length;
            transaction.Abort(abort.Part);
            Interlocked.Add(ref _length, transaction.File.Length - before);
            return;
        }
        _open.Remove(abort.Xid);
        Close(transaction);
        Volatile.Write(ref _held, _held - 1);
    }

    private void Commit(StreamCommitMessage commit)
    {
        if (!_open.Remove(commit.Xid, out var transaction))
            throw Unknown(commit.Xid, "commits");
        transaction.File.Rewind();
        (_committed, _commit) = (transaction, commit.ToCommit());
        _given.Enqueue(commit.ToBegin());
    }

    /// <summary>All frames of the committed transaction were given but its last one.</summary>
    private void End()
    {
        Close(_committed!);
        _committed = null;
        _given.Enqueue(_commit);
        foreach (var (table, given) in _givenTables)
        {
            if (_tables.TryGetValue(table, out var other) && other.Sent > given.Sent)
                _given.Enqueue(other.Frame);
            else
                _tables[table] = given;
        }
        _givenTables.Clear();
    }

    /// <summary>The last frame of the committed transaction was given.</summary>
    private void Release()
    {
        if (!HasNext)
            Volatile.Write(ref _held, _held - 1);
    }

    private void Close(SpilledTransaction transaction)
    {
        Interlocked.Add(ref _length, -transaction.File.Length);
        transaction.Dispose();
    }

    private static bool IsOfFile(Exception exception) =>
        exception is (IOException or UnauthorizedAccessException) and not SpillFullException;

    private static bool IsTable(ReadOnlySpan<byte> frame) => frame[0] == (byte)RelationMessage.Kind;

    private static uint Table(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(RelationMessage.Kind);
        return reader.ReadUInt32();
    }

    private static MalformedFrameException Unknown(uint xid, string what) =>
        new($"The transaction {xid} {what}, of which no frame was streamed.");
}
