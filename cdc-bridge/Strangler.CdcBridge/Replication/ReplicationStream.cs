using System.Buffers;
using System.Net.Sockets;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using NpgsqlTypes;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// The frames of a slot, one at a time, each whole in one buffer that is reused. The server's keepalives are answered
/// in the background, even while the reader is busy, so a slow reader holds the server back and loses nothing.
/// </summary>
internal sealed class ReplicationStream : IAsyncDisposable
{
    private const int LargestKeptBuffer = 16 << 20;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConfirmPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConfirmTick = TimeSpan.FromMilliseconds(20);

    private readonly NpgsqlDataSource _source;
    private readonly LogicalReplicationConnection _connection;
    private readonly IAsyncEnumerator<XLogDataMessage> _frames;
    private readonly CancellationTokenSource _ended;
    private readonly StreamedTransactions? _streamed;
    private readonly Func<int, byte[]> _room;
    private readonly string _slot;
    private readonly int _process;
    private Task<bool>? _next;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _length;

    private ReplicationStream(
        NpgsqlDataSource source,
        string slot,
        LogicalReplicationConnection connection,
        IAsyncEnumerator<XLogDataMessage> frames,
        StreamedTransactions? streamed,
        CancellationTokenSource ended
    )
    {
        (_source, _slot, _connection, _frames, _streamed, _ended, _process) = (
            source,
            slot,
            connection,
            frames,
            streamed,
            ended,
            connection.ProcessID
        );
        _room = Room;
    }

    /// <summary>The last frame read.</summary>
    public ReadOnlySpan<byte> Frame => _buffer.AsSpan(0, _length);

    /// <summary>The change's position in the write-ahead log.</summary>
    public Lsn FrameLsn { get; private set; }

    /// <summary>
    /// Everything that committed before this has been sent, according to frames and keepalives. Null while a
    /// transaction is held whose frames were sent before its end: its commit may be what came last, and wait to be
    /// given out.
    /// </summary>
    public Lsn? Received
    {
        get
        {
            // In this order: what was received before is held by now, if it is anything that has to be.
            var received = new Lsn((ulong)_connection.LastReceivedLsn);
            return _streamed is { IsEmpty: false } ? null : received;
        }
    }

    /// <summary>Bytes of transactions that have not ended.</summary>
    public long Spilled => _streamed?.Length ?? 0;

    /// <summary>Whether there will be no next frame.</summary>
    public bool HasEnded => _next is { IsCompleted: true } next && !(next.IsCompletedSuccessfully && next.Result);

    /// <summary>
    /// Opens the stream of a slot, at what the slot has been confirmed through: what the log has beyond that is sent
    /// again, and recognized.
    /// </summary>
    /// <param name="source">
    /// The same server and login, for queries: they terminate a stream that doesn't end when told to.
    /// </param>
    /// <param name="streamed">
    /// Takes the frames of transactions that have not ended, and is disposed of with the stream; null if the server is
    /// to keep them until they commit.
    /// </param>
    public static async Task<ReplicationStream> OpenAsync(
        NpgsqlDataSource source,
        string connectionString,
        string slot,
        string publication,
        StreamedTransactions? streamed,
        CancellationToken cancellationToken
    )
    {
        var connection = new LogicalReplicationConnection(connectionString)
        {
            WalReceiverStatusInterval = TimeSpan.FromSeconds(1),
            WalReceiverTimeout = TimeSpan.FromMinutes(5),
        };
        try
        {
            await connection.Open(cancellationToken);
            KeyValuePair<string, string?>[] options =
            [
                new("proto_version", streamed is null ? "1" : "2"),
                new("publication_names", QuoteList(publication)),
                new("messages", "true"),
                .. streamed is null ? [] : new KeyValuePair<string, string?>[] { new("streaming", "on") },
            ];
            var ended = new CancellationTokenSource();
            var frames = connection.StartLogicalReplication(
                new RawSlot(slot),
                ended.Token,
                new NpgsqlLogSequenceNumber(0),
                options
            );
            return new ReplicationStream(
                source,
                slot,
                connection,
                frames.GetAsyncEnumerator(ended.Token),
                streamed,
                ended
            );
        }
        catch
        {
            streamed?.Dispose();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the next frame; false when the server has ended the stream.</summary>
    /// <returns>Completed if a frame is already available.</returns>
    /// <exception cref="EarlySendFailedException">The server may succeed if it keeps transactions.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        if (TakeHeld())
            return new ValueTask<bool>(true);
        var next = _frames.MoveNextAsync();
        if (!next.IsCompletedSuccessfully)
            return new ValueTask<bool>(_next = WaitAsync(next));
        if (!next.Result)
            return new ValueTask<bool>(false);
        // While frames are kept, the caller has none: it may store what it has.
        return TakeSent() ? new ValueTask<bool>(true) : new ValueTask<bool>(_next = KeepAsync());
    }

    /// <summary>Tells the server that everything before <paramref name="lsn"/> is stored.</summary>
    public void Acknowledge(Lsn lsn) => _connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(lsn.Value));

    /// <summary>Asks the server how far it has sent; its answer moves <see cref="Received"/>.</summary>
    public Task AskAsync(CancellationToken cancellationToken) =>
        KeepaliveRequest.SendAsync(_connection, cancellationToken);

    /// <summary>
    /// Acknowledges immediately and waits, for a limited time, until the server shows it for the slot: the next stream
    /// begins after it.
    /// </summary>
    public async Task ConfirmAsync(Lsn lsn, TimeProvider time, CancellationToken cancellationToken)
    {
        Acknowledge(lsn);
        try
        {
            await _connection.SendStatusUpdate(cancellationToken);
            var began = time.GetTimestamp();
            while (
                time.GetElapsedTime(began) < ConfirmPatience
                && await SlotState.ReadAsync(_source, _slot, cancellationToken) is { } slot
                && slot.Confirmed < lsn
            )
                await Task.Delay(ConfirmTick, time, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
        {
            // The connection is already lost: it is sent again.
        }
    }

    /// <summary>
    /// Ends the stream. A pending read is cancelled first, because an iterator and its connection support one caller at
    /// a time.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        if (_next is not null && !await EndsAsync(_next))
        {
            // Npgsql sends the server a single cancel request. If it arrives before the stream has begun, the server
            // ignores it, and the read stays pending.
            await TerminateAsync();
            if (!await EndsAsync(_next))
                return; // the connection stays until the process ends, and the files: nobody else may touch them
        }
        try
        {
            await _frames.DisposeAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or IOException)
        {
            // The connection is already lost; its reader knows.
        }
        await _connection.DisposeAsync();
        _ended.Dispose();
        _streamed?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async Task<bool> KeepAsync()
    {
        await Task.Yield();
        return TakeHeld() || await WaitAsync(_frames.MoveNextAsync());
    }

    private async Task<bool> WaitAsync(ValueTask<bool> next)
    {
        try
        {
            while (await next)
            {
                if (TakeSent() || TakeHeld())
                    return true;
                next = _frames.MoveNextAsync();
            }
            return false;
        }
        catch (NullReferenceException exception)
        {
            throw Broken(exception);
        }
        catch (PostgresException exception) when (IsOfEarlySend(exception))
        {
            throw new EarlySendFailedException(exception);
        }
    }

    /// <summary>
    /// PostgreSQL 15, at least, may fail so at a table that is altered or truncated in savepoints ("could not map
    /// filenode … to relation OID"), and again at each attempt, but not at the commit.
    /// </summary>
    private bool IsOfEarlySend(PostgresException exception) =>
        _streamed is not null && exception.SqlState == PostgresErrorCodes.InternalError;

    /// <summary>
    /// Npgsql clears a connection that breaks while it sends a status, and reads on in what is no longer there.
    /// </summary>
    private static IOException Broken(NullReferenceException exception) => new("the connection broke", exception);

    /// <summary>Reads the frame that was sent; false if it is kept until its transaction commits.</summary>
    private bool TakeSent()
    {
        var message = _frames.Current;
        var length = (int)message.Data.Length;
        try
        {
            message.Data.ReadExactly(Room(length), 0, length);
        }
        catch (NullReferenceException exception)
        {
            throw Broken(exception);
        }
        _length = length;
        FrameLsn = new Lsn((ulong)message.WalStart);
        return _streamed?.Keeps(Frame, FrameLsn) != true;
    }

    private bool TakeHeld()
    {
        if (_streamed is not { HasNext: true })
            return false;
        (_length, FrameLsn) = _streamed.Take(_room);
        return true;
    }

    private byte[] Room(int length)
    {
        if (length > _buffer.Length || (_buffer.Length > LargestKeptBuffer && length < LargestKeptBuffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }
        return _buffer;
    }

    private static async Task<bool> EndsAsync(Task next)
    {
        try
        {
            await next.WaitAsync(EndPatience);
            return true;
        }
        catch (Exception)
        {
            return next.IsCompleted; // with any result: it was abandoned
        }
    }

    private async Task TerminateAsync()
    {
        using var limit = new CancellationTokenSource(EndPatience);
        try
        {
            // a login may terminate its own sessions
            await using var command = _source.CreateCommand("select pg_terminate_backend($1)");
            command.Parameters.AddWithValue(_process);
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or OperationCanceledException or IOException or SocketException)
        {
            // A server that doesn't answer has ended the stream too, or will be noticed.
        }
    }

    /// <summary>
    /// pgoutput splits the list like identifiers (SplitIdentifierString), within a literal of the replication grammar.
    /// </summary>
    private static string QuoteList(string publication) =>
        ("\"" + publication.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"").Replace(
            "'",
            "''",
            StringComparison.Ordinal
        );
}
