using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// Interprets the frames of the stream: it turns them into records of a batch and keeps the state from frame to frame.
/// It only waits for the catalogue, when a relation is new. A transaction that the log already has is skipped and
/// counted: the server resends what was not acknowledged, or what it forgot in a crash.
/// </summary>
internal sealed class ChangeStream : IDisposable
{
    private readonly string _prefix;
    private readonly RelationReader _reader;
    private readonly SourceWatch _watch;
    private readonly BridgeMetrics _metrics;
    private readonly ILogger _logger;
    private readonly RowRecords _rows;
    private readonly EnvelopeWriter _envelopes;
    private readonly RecordSink _sink;
    private readonly StreamTables _tables;
    private readonly Dictionary<uint, StreamRelation> _relations = [];
    private readonly HashSet<uint> _described = [];
    private readonly TupleSlices _oldSlices = new(),
        _newSlices = new();
    private readonly TransactionHash _hash;
    private readonly Position _logEnd;
    private BeginMessage _begin;
    private OriginMessage? _origin;
    private ulong _nearXid;
    private BridgeOffset _offset;
    private readonly EventProfile _profile;
    private readonly TransactionMetadata? _transaction;
    private readonly MessageRecords _messages;
    private bool _hasSentAgain,
        _open,
        _skipping,
        _isForeign,
        _isOwn;

    public ChangeStream(
        BridgeConfig config,
        EventProfile profile,
        OutboxRouter? outbox,
        RelationReader reader,
        SourceWatch watch,
        EnvelopeWriter envelopes,
        BridgeOffset offset,
        Position logEnd,
        ulong nearXid,
        DateTimeOffset at,
        BridgeMetrics metrics,
        ILogger logger
    )
    {
        (_prefix, _reader, _watch, _metrics, _logger, _logEnd, _nearXid, _offset, At) = (
            config.Prefix,
            reader,
            watch,
            metrics,
            logger,
            logEnd,
            nearXid,
            offset,
            at
        );
        _profile = profile;
        _transaction = profile.HasTransactionMetadata ? new TransactionMetadata(profile) : null;
        _messages = new MessageRecords(envelopes, profile, _transaction);
        _rows = new RowRecords(envelopes, profile, outbox, _transaction);
        (_envelopes, Batch) = (envelopes, new AppendBatch());
        (_sink, _hash) = (new RecordSink(Batch, offset.Epoch), new TransactionHash(config.IsRaw));
        _tables = new StreamTables(profile, offset.Tables, _sink, logger);
    }

    public AppendBatch Batch { get; }

    /// <summary>Compares what the server sends again with the log; null once nothing is left to compare.</summary>
    public HistoryCheck? Check { get; set; }

    /// <summary>
    /// Differences in the catalogue from what was last read, which belong before the next transaction that the log
    /// doesn't have; null once they are placed.
    /// </summary>
    public CatalogueDifference? Unplaced { get; set; }

    /// <summary>What is stored with the next append of whole transactions.</summary>
    public BridgeOffset Offset
    {
        get => _offset;
        set
        {
            _offset = value;
            _tables.Stored = value.Tables;
            _described.Clear();
        }
    }

    /// <summary>Topics whose rows are in doubt since a whole transaction, and must be read again.</summary>
    public IReadOnlySet<string> Doubts => _profile.ReadsAgain ? _tables.Doubts : _tables.Unread;

    /// <summary>
    /// Whether unconverted values were read that the server could not convert: another session may convert again.
    /// </summary>
    public bool HasReadBlindly => _envelopes.HasReadBlindly;

    /// <summary>The slot's xmin, for the changes that follow; null if events don't have it.</summary>
    public uint? Xmin { get; set; }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsOpen => _open;

    /// <summary>The source's clock at the last commit.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Processes a frame other than a relation's.</summary>
    /// <exception cref="AnotherHistoryException">
    /// The server sends something other than what the log has there.
    /// </exception>
    public void Handle(ReadOnlySpan<byte> frame, Lsn lsn)
    {
        if (frame.IsEmpty)
            throw new MalformedFrameException("A frame is empty.");
        if (_open)
            _hash.Add(frame);
        if (FrameKind.IsChange(frame))
            Announce(lsn);
        switch ((char)frame[0])
        {
            case BeginMessage.Kind:
                Begin(BeginMessage.Read(frame));
                break;
            case CommitMessage.Kind:
                Commit(CommitMessage.Read(frame));
                break;
            case OriginMessage.Kind:
                _origin = OriginMessage.Read(frame);
                break;
            case TypeMessage.Kind:
                TypeMessage.Read(frame);
                break; // the catalogue says more about the type once its relation arrives
            case LogicalMessage.Kind:
                Message(LogicalMessage.Read(frame), lsn);
                break;
            case InsertMessage.Kind or UpdateMessage.Kind or DeleteMessage.Kind or TruncateMessage.Kind when !_open:
                throw new MalformedFrameException($"A change of kind '{(char)frame[0]}' belongs to no transaction.");
            case InsertMessage.Kind or UpdateMessage.Kind or DeleteMessage.Kind or TruncateMessage.Kind when _skipping:
                break;
            case InsertMessage.Kind:
                var insert = InsertMessage.Read(frame, _newSlices);
                if (Relation(insert.Relation) is { } inserted)
                {
                    _rows.Insert(inserted, insert.New, Source(lsn), _sink);
                    DoubtBlindKey(inserted);
                }
                break;
            case UpdateMessage.Kind:
                var update = UpdateMessage.Read(frame, _oldSlices, _newSlices);
                if (Relation(update.Relation) is { } updated)
                {
                    _rows.Update(updated, update.OldKind, update.Old, update.New, Source(lsn), _sink);
                    DoubtBlindKey(updated);
                }
                break;
            case DeleteMessage.Kind:
                var delete = DeleteMessage.Read(frame, _oldSlices);
                if (Relation(delete.Relation) is { } deleted)
                {
                    _rows.Delete(deleted, delete.Old, Source(lsn), _sink);
                    DoubtBlindKey(deleted);
                }
                break;
            case TruncateMessage.Kind:
                foreach (
                    var truncated in TruncateMessage.Read(frame).Relations.Select(Relation).OfType<RelationModel>()
                )
                    _rows.Truncate(truncated, Source(lsn), _sink);
                break;
            case var kind:
                throw new MalformedFrameException($"A message of kind '{kind}' is not of protocol version 1.");
        }
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Everything in doubt has been read again, except the topics in <paramref name="unread"/>.</summary>
    public void Read(BridgeOffset offset, IEnumerable<string> unread)
    {
        Offset = offset;
        _tables.Read(unread);
    }

    /// <inheritdoc cref="StreamTables.PutOff"/>
    public IReadOnlyList<string> PutOff(TableScanObstacle obstacle, IEnumerable<string> doubts) =>
        _tables.PutOff(obstacle, doubts);

    /// <summary>Learns how a relation's rows are written from here on.</summary>
    public async Task LearnAsync(RelationShape sent, CancellationToken cancellationToken)
    {
        _hash.Learn(sent);
        _described.Remove(sent.Oid);
        var known = Offset.Tables.FirstOrDefault(table => table.Oid == sent.Oid)?.NameUnder(_prefix);
        _relations[sent.Oid] = await _reader.ReadAsync(sent, known, IsKnown, cancellationToken);

        bool IsKnown(TableName name) => _tables.Find(TopicName.Of(_prefix, name.Schema, name.Name)) is not null;
    }

    /// <summary>
    /// Rereads relations that shared a topic with another table: the other one may have been renamed since.
    /// </summary>
    public async Task LearnAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var shared in _relations.Values.OfType<StreamRelation.SharesTopic>().ToList())
            await LearnAsync(shared.Shape, cancellationToken);
    }

    private void Begin(BeginMessage begin)
    {
        if (_open)
            throw new MalformedFrameException(
                $"A transaction begins at {begin.Commit} while that at {_begin.Commit} is open."
            );
        (_begin, _open, _origin, _isForeign, _isOwn) = (begin, true, null, false, false);
        _skipping = Position.EndOf(Offset.Epoch, begin.Commit) <= _logEnd;
        _nearXid = Math.Max(_nearXid, TransactionIds.Widen(begin.Xid, _nearXid));
        _sink.Begin(begin.Commit, TransactionIds.Widen(begin.Xid, _nearXid));
        if (_skipping || Unplaced is not { } difference)
            return;
        Unplaced = null;
        _tables.Place(difference);
    }

    private void Commit(CommitMessage commit)
    {
        if (!_open || commit.Commit != _begin.Commit)
            throw new MalformedFrameException(
                $"A transaction ends at {commit.Commit}, but {(_open ? $"that at {_begin.Commit}" : "none")} is open."
            );
        _open = false;
        if (commit.CommittedAt > At)
            At = commit.CommittedAt;
        var changes = _hash.Changes;
        var sent = new SentTransaction(commit.Commit, _begin.Xid, commit.CommittedAt, changes, _hash.Take());
        if (_skipping)
        {
            if (Check?.Sent(sent) is { } difference)
                throw new AnotherHistoryException(difference);
            _metrics.SentAgain();
            if (!_hasSentAgain)
                _logger.SentAgain(commit.Commit); // once per stream: there may be many
            _hasSentAgain = true;
            return;
        }
        if (_transaction?.End(commit.Commit, _sink) is { } unlisted and > 0)
            _logger.MessagesNotListed(commit.Commit, unlisted);
        _tables.AddObstacles();
        // Even if none of its tables is captured: sent again, it would otherwise be one that the log doesn't have.
        var transaction =
            _sink.Count > 0 || changes > 0
                ? new LogTransaction(
                    commit.Commit,
                    TransactionIds.Widen(_begin.Xid, _nearXid),
                    commit.CommittedAt,
                    _sink.Count,
                    sent.Digest
                )
                {
                    Previous = _offset.Logged,
                }
                : null;
        _tables.Commit();
        _offset = _offset with
        {
            Acknowledged = commit.End,
            LastCommit = _isForeign ? commit.End : _offset.LastCommit,
            // With nothing in it, or nothing but messages of others, it may not be sent again (protocol version 2).
            Seen =
                transaction is not null || _isOwn
                    ? new SeenTransaction(sent.Commit, sent.Xid, sent.CommittedAt)
                    : _offset.Seen,
            Logged = transaction?.Commit ?? _offset.Logged,
            Tables = _tables.Stored,
        };
        Batch.Complete(transaction, Position.EndOf(Offset.Epoch, commit.Commit), At);
    }

    /// <summary>The open transaction has something in it that is not the bridge's own.</summary>
    private void Announce(Lsn lsn)
    {
        if (_isForeign || !_open)
            return;
        _isForeign = true;
        if (!_skipping)
            _transaction?.Begin(_begin.Xid, _begin.CommittedAt, lsn, _sink);
    }

    private void Message(LogicalMessage message, Lsn lsn)
    {
        if (!message.Prefix.SequenceEqual("strangler"u8))
        {
            Announce(lsn);
            ForeignMessage(message);
            return;
        }
        _isOwn = true;
        if (!message.Transactional || !_open || _skipping || !message.Content.StartsWith("difference "u8))
            return;
        if (_watch.Take(System.Text.Encoding.UTF8.GetString(message.Content)) is { } difference)
            _tables.Place(difference);
    }

    /// <summary>A message of somebody else: written, if the profile has messages.</summary>
    private void ForeignMessage(LogicalMessage message)
    {
        var prefix = System.Text.Encoding.UTF8.GetString(message.Prefix);
        if (!_profile.WritesMessages(prefix))
        {
            _metrics.MessageIgnored();
            if (_logger.IsEnabled(LogLevel.Debug))
                _logger.MessageIgnored(prefix);
            return;
        }
        if (message.Transactional)
        {
            if (_open && !_skipping)
                _messages.Add(prefix, message.Content, Source(message.At), _sink);
            return;
        }
        // The server sends it between transactions. It stands alone at its own place.
        if (_open)
            throw new MalformedFrameException(
                $"A message outside any transaction comes while that at {_begin.Commit} is open."
            );
        var through = Position.EndOf(Offset.Epoch, message.At);
        if (through <= _logEnd)
            return;
        _sink.Begin(message.At, 0);
        _messages.Add(
            prefix,
            message.Content,
            new ChangeSource(ChangeSource.Stream, At, message.At, Offset.LastCommit, null) { Xmin = Xmin },
            _sink
        );
        Batch.Complete(new LogTransaction(message.At, 0, At, _sink.Count), through, At);
    }

    /// <summary>The relation of a row, described to readers if it is new; null if it is not captured.</summary>
    private RelationModel? Relation(uint oid)
    {
        if (!_relations.TryGetValue(oid, out var relation))
            throw new MalformedFrameException($"A row is of the relation {oid}, which was not described.");
        if (relation is StreamRelation.SharesTopic shared)
            _tables.Share(shared);
        if (relation is not StreamRelation.Captured(var model, var fingerprint))
            return null;
        if (_described.Add(oid))
            _tables.Describe(model, fingerprint);
        return model;
    }

    /// <inheritdoc cref="StreamTables.DoubtKey"/>
    private void DoubtBlindKey(RelationModel relation)
    {
        if (!_envelopes.HasReadKeyBlindly)
            return;
        _envelopes.HasReadKeyBlindly = false;
        if (_relations[relation.Shape.Oid] is StreamRelation.Captured(_, var fingerprint))
            _tables.DoubtKey(relation, fingerprint);
    }

    private ChangeSource Source(Lsn lsn) =>
        new(ChangeSource.Stream, _begin.CommittedAt, lsn, Offset.LastCommit, _begin.Xid, _origin?.Name, _origin?.Commit)
        {
            Xmin = Xmin,
        };
}
