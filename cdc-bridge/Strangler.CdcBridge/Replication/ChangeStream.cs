using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// What the frames of the stream mean: it turns them into records of a batch and keeps what has to be known from frame
/// to frame. It waits for nothing but the catalogue, when a relation is new. A transaction that the log has already is
/// passed over and counted: the server sends again what was not acknowledged, or what it forgot in a crash.
/// </summary>
internal sealed class ChangeStream : IDisposable
{
    private readonly BridgeConfig _config;
    private readonly NpgsqlDataSource _source;
    private readonly SourceWatch _watch;
    private readonly BridgeMetrics _metrics;
    private readonly ILogger _logger;
    private readonly RowRecords _rows;
    private readonly EnvelopeWriter _envelopes;
    private readonly RecordSink _sink;
    private readonly Dictionary<uint, RelationModel?> _relations = [];
    private readonly Dictionary<uint, string> _fingerprints = [];
    private readonly Dictionary<string, TableOffset?> _openTables = [];
    private readonly Dictionary<uint, SharedRelation> _shared = [];
    private readonly HashSet<uint> _described = [];
    private readonly HashSet<string> _openDoubts = [],
        _openStays = [];
    private readonly HashSet<(string Topic, string Kind)> _told = [];
    private readonly Dictionary<string, Fault> _untold = [];
    private readonly TupleSlices _oldSlices = new(),
        _newSlices = new();
    private readonly TransactionHash _hash;
    private readonly Position _logEnd;
    private BeginMessage _begin;
    private OriginMessage? _origin;
    private ulong _nearXid;
    private BridgeOffset _offset;
    private bool _hasSentAgain;
    private bool _open,
        _skipping;

    public ChangeStream(
        BridgeConfig config,
        NpgsqlDataSource source,
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
        (_config, _source, _watch, _metrics, _logger, _logEnd, _nearXid, _offset, At) = (
            config,
            source,
            watch,
            metrics,
            logger,
            logEnd,
            nearXid,
            offset,
            at
        );
        (_rows, _envelopes, Batch) = (new RowRecords(envelopes), envelopes, new AppendBatch());
        (_sink, _hash) = (new RecordSink(Batch, offset.Epoch), new TransactionHash(config.IsRaw));
    }

    public AppendBatch Batch { get; }

    /// <summary>
    /// What the server sends again is held against the log by it; null once, or where, nothing is left to compare.
    /// </summary>
    public HistoryCheck? Check { get; set; }

    /// <summary>
    /// What the catalogue says beside what was read last, and which belongs before the next transaction that the log
    /// does not have; null once it stands there.
    /// </summary>
    public CatalogueDifference? Unplaced { get; set; }

    /// <summary>What is stored with the next append of whole transactions.</summary>
    public BridgeOffset Offset
    {
        get => _offset;
        set
        {
            _offset = value;
            _described.Clear();
        }
    }

    /// <summary>Topics whose rows are in doubt since a transaction that is whole: they have to be read again.</summary>
    public HashSet<string> Doubts { get; } = [];

    /// <summary>
    /// Whether what the server could not convert has come, without conversion: another session may convert again.
    /// </summary>
    public bool HasReadBlindly => _envelopes.HasReadBlindly;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsOpen => _open;

    /// <summary>The source's clock at the last commit.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The commit of the transaction that the frame begins; null for every other frame.</summary>
    public static Lsn? Begins(ReadOnlySpan<byte> frame) =>
        frame is [(byte)BeginMessage.Kind, ..] ? BeginMessage.Read(frame).Commit : null;

    /// <summary>
    /// The relation that has to be learnt before the frame's meaning is complete; null for every other frame.
    /// </summary>
    public static RelationShape? Describes(ReadOnlySpan<byte> frame) =>
        frame is [(byte)RelationMessage.Kind, ..] ? RelationMessage.Read(frame) : null;

    /// <summary>Takes in a frame that is no relation's.</summary>
    /// <exception cref="AnotherHistoryException">The server sends something else than the log has there.</exception>
    public void Handle(ReadOnlySpan<byte> frame, Lsn lsn)
    {
        if (frame.IsEmpty)
            throw new MalformedFrameException("A frame is empty.");
        if (_open)
            Digest(frame);
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
                break; // the catalogue says more of the type when its relation comes
            case LogicalMessage.Kind:
                Message(LogicalMessage.Read(frame));
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
                foreach (var relation in TruncateMessage.Read(frame).Relations)
                {
                    if (Relation(relation) is { } truncated)
                        _rows.Truncate(truncated, Source(lsn), _sink);
                }
                break;
            case var kind:
                throw new MalformedFrameException($"A message of kind '{kind}' is not of protocol version 1.");
        }
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>All that is in doubt has been read again, but for the topics of <paramref name="unread"/>.</summary>
    public void Read(BridgeOffset offset, IEnumerable<string> unread)
    {
        Offset = offset;
        Doubts.IntersectWith(unread);
        _told.RemoveWhere(told => !Doubts.Contains(told.Topic));
        _untold.Clear();
    }

    /// <summary>These topics can't be read so far: readers are told why with the next transaction, once.</summary>
    /// <returns>The topics of which it has not been said before.</returns>
    public IReadOnlyList<string> PutOff(ReadingObstacle obstacle, IEnumerable<string> doubts)
    {
        var topics = doubts.Where(topic => _told.Add((topic, obstacle.Kind))).Order(StringComparer.Ordinal).ToList();
        foreach (var topic in topics)
            _untold[topic] = obstacle.Why;
        return topics;
    }

    /// <summary>Learns how a relation's rows are written from here on.</summary>
    public async Task LearnAsync(RelationShape sent, CancellationToken cancellationToken)
    {
        _hash.Learn(sent);
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var tables = await Catalogue.ReadAsync(connection, _config.Publication, cancellationToken);
        var now = tables.FirstOrDefault(table => table.Oid == sent.Oid);
        var shape = sent.Named(
            Offset.Tables.FirstOrDefault(table => table.Oid == sent.Oid)?.NameUnder(_config.Prefix),
            now
        );
        _described.Remove(shape.Oid);
        _shared.Remove(shape.Oid);
        var name = new TableName(shape.Schema, shape.Table);
        if (
            !_config.Tables.Selects(name)
            && Known(TopicName.Of(_config.Prefix, shape.Schema, shape.Table)) is null
            && !(await CandidateTable.ReadAsync(connection, [shape.Oid], cancellationToken)).Any(relation =>
                SourceCatalogue.IsCaptured(_config, relation with { Name = name })
            )
        )
        {
            _relations[shape.Oid] = null; // published, and not selected: such as a table that was renamed
            return;
        }
        var types = await Catalogue.TypesAsync(connection, shape.Columns, cancellationToken);
        // A table renamed or added while the stream runs may have a topic that another one has already: its rows cannot
        // be told apart.
        var own = now?.Name ?? name;
        var topic = TopicName.Of(_config.Prefix, own.Schema, own.Name);
        var selected = tables
            .Where(table => _config.Tables.Selects(table.Name))
            .Select(table => (table.Schema, table.Table));
        var groups = TopicName.Shared(_config.Prefix, [.. selected, (own.Schema, own.Name)]);
        foreach (var group in groups.Where(group => group.Topic == topic))
        {
            _relations[shape.Oid] = null;
            _shared[shape.Oid] = new SharedRelation(sent, own, topic, PublicationPlan.SharedTopic(group));
            return;
        }
        var model = RelationModel.Of(
            shape,
            _config.Prefix,
            types,
            now?.Key ?? [],
            now?.Columns.Where(column => column.NotNull).Select(column => column.Name).ToHashSet() ?? []
        );
        _relations[shape.Oid] = model;
        // The catalogue is that of now, the relation that of its place in the stream: only where they agree is the
        // fingerprint the relation's too.
        _fingerprints[shape.Oid] =
            now is not null && now.ToShape().Hash() == model.ShapeHash ? now.Fingerprint() : model.ShapeHash;
    }

    /// <summary>
    /// Looks again at relations whose topic another table had: the other one may have another name by now.
    /// </summary>
    public async Task LearnAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var shared in _shared.Values.ToList())
            await LearnAsync(shared.Shape, cancellationToken);
    }

    private void Begin(BeginMessage begin)
    {
        if (_open)
            throw new MalformedFrameException(
                $"A transaction begins at {begin.Commit} while that at {_begin.Commit} is open."
            );
        (_begin, _open, _origin) = (begin, true, null);
        _skipping = Position.EndOf(Offset.Epoch, begin.Commit) <= _logEnd;
        _nearXid = Math.Max(_nearXid, TransactionIds.Widen(begin.Xid, _nearXid));
        _sink.Begin(begin.Commit, TransactionIds.Widen(begin.Xid, _nearXid));
        if (_skipping || Unplaced is not { } difference)
            return;
        Unplaced = null;
        Place(difference);
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
                _logger.SentAgain(commit.Commit); // once a stream: there may be many
            _hasSentAgain = true;
            return;
        }
        foreach (var (topic, why) in _untold.Where(doubt => !_openStays.Contains(doubt.Key)))
        {
            var doubt = new TableDoubt($"It can't be read again so far. {why}");
            _sink.Add(LogRecordKind.TableDoubt, topic, null, [], doubt.ToJson());
        }
        _untold.Clear();
        // Also where nothing of it is captured: sent again, it would be one that the log does not have.
        var transaction =
            _sink.Count > 0 || changes > 0
                ? new LogTransaction(
                    commit.Commit,
                    TransactionIds.Widen(_begin.Xid, _nearXid),
                    commit.CommittedAt,
                    _sink.Count,
                    sent.Digest
                )
                : null;
        _offset = _offset with
        {
            Acknowledged = commit.End,
            LastCommit = commit.End,
            Seen = new SeenTransaction(sent.Commit, sent.Xid, sent.CommittedAt),
            Tables =
                _openTables.Count == 0
                    ? _offset.Tables
                    :
                    [
                        .. _offset.Tables.Where(table => !_openTables.ContainsKey(table.Topic)),
                        .. _openTables.Values.OfType<TableOffset>(),
                    ],
        };
        Batch.Complete(transaction, Position.EndOf(Offset.Epoch, commit.Commit), At);
        Doubts.UnionWith(_openDoubts);
        Doubts.ExceptWith(_openStays);
        _openTables.Clear();
        _openDoubts.Clear();
        _openStays.Clear();
    }

    private void Digest(ReadOnlySpan<byte> frame)
    {
        switch ((char)frame[0])
        {
            case InsertMessage.Kind or UpdateMessage.Kind or DeleteMessage.Kind:
                var reader = new FrameReader(frame);
                reader.ReadByte();
                _hash.AddRow(reader.ReadUInt32(), frame);
                break;
            case TruncateMessage.Kind:
                foreach (var relation in TruncateMessage.Read(frame).Relations)
                    _hash.AddTruncate(relation);
                break;
            default:
                break;
        }
    }

    private void Message(LogicalMessage message)
    {
        if (!message.Prefix.SequenceEqual("strangler"u8))
        {
            _metrics.MessageIgnored();
            if (_logger.IsEnabled(LogLevel.Debug))
                _logger.MessageIgnored(System.Text.Encoding.UTF8.GetString(message.Prefix));
            return;
        }
        if (!message.Transactional || !_open || _skipping || !message.Content.StartsWith("difference "u8))
            return;
        if (_watch.Take(System.Text.Encoding.UTF8.GetString(message.Content)) is { } difference)
            Place(difference);
    }

    /// <summary>The tables that differ are in doubt from here on.</summary>
    private void Place(CatalogueDifference difference)
    {
        foreach (var table in difference.Tables)
        {
            var known = Known(table.Topic);
            // A relation told so before the catalogue did: it has been read since, or it is about to be.
            if (known?.Fingerprint == table.MarkAfter(known))
                continue;
            if (table.DoubtAfter(known) is { } why)
                StayInDoubt(table, why);
            else if (!Doubts.Contains(table.Topic))
                Doubt(table.Table!.ToModel(_config.Prefix), table.Table.Fingerprint(), "the catalogue says so");
        }
    }

    /// <summary>The table cannot be read before something is mended: readers are told so, and why.</summary>
    private void StayInDoubt(TableState table, Fault why)
    {
        _sink.Add(LogRecordKind.TableDoubt, table.Topic, null, [], new TableDoubt(why.ToString()).ToJson());
        var known = Known(table.Topic);
        _openTables[table.Topic] = new TableOffset(
            table.Topic,
            table.Oid == 0 ? known?.Oid ?? 0 : table.Oid,
            TableOffset.MarkOf(why),
            known?.Shape ?? "",
            table.Name
        );
        _openDoubts.Remove(table.Topic);
        _openStays.Add(table.Topic);
        _logger.TableStaysInDoubt(table, why);
    }

    /// <summary>
    /// The relation of a row; null: it is not captured. Before the first row in a shape that the log does not have,
    /// there is a Schema record.
    /// </summary>
    private RelationModel? Relation(uint oid)
    {
        if (!_relations.TryGetValue(oid, out var relation))
            throw new MalformedFrameException($"A row is of the relation {oid}, which was not described.");
        if (_shared.TryGetValue(oid, out var shared) && Known(shared.Topic) is not { StaysInDoubt: true })
            StayInDoubt(new TableState(shared.Topic, shared.Name, oid, null, shared.Why, null), shared.Why);
        if (
            relation is null
            || !_described.Add(oid)
            || Known(relation.Topic) is var known && known?.Shape == relation.ShapeHash
        )
            return relation;
        if (known is { StaysInDoubt: true })
        {
            _sink.Add(
                LogRecordKind.Schema,
                relation.Topic,
                null,
                [],
                relation.ToSchema(_fingerprints[oid], inDoubt: true).ToJson()
            );
            _openTables[relation.Topic] = known with { Shape = relation.ShapeHash };
            return relation;
        }
        Doubt(relation, _fingerprints[oid], "its rows have another shape");
        return relation;
    }

    /// <summary>
    /// A key was written as bytes that a session with the server's conversion would write as text: its row has two
    /// keys, until a reading leaves one.
    /// </summary>
    private void DoubtBlindKey(RelationModel relation)
    {
        if (!_envelopes.HasReadKeyBlindly)
            return;
        _envelopes.HasReadKeyBlindly = false;
        if (
            !_openDoubts.Contains(relation.Topic)
            && !Doubts.Contains(relation.Topic)
            && Known(relation.Topic) is not { StaysInDoubt: true }
        )
            Doubt(relation, _fingerprints[relation.Shape.Oid], "a key came without the server's conversion");
    }

    private void Doubt(RelationModel relation, string fingerprint, string because)
    {
        var schema = relation.ToSchema(fingerprint, inDoubt: true);
        _sink.Add(LogRecordKind.Schema, relation.Topic, null, [], schema.ToJson());
        _openTables[relation.Topic] = new TableOffset(
            relation.Topic,
            schema.Oid,
            "",
            relation.ShapeHash,
            new TableName(schema.Schema, schema.Table)
        ); // no complete reading has this fingerprint: killed before it is read, the table is found to differ at the next start
        _openDoubts.Add(relation.Topic);
        _openStays.Remove(relation.Topic);
        _logger.TableInDoubt(relation.Topic, because);
    }

    private TableOffset? Known(string topic) =>
        _openTables.TryGetValue(topic, out var open)
            ? open
            : Offset.Tables.FirstOrDefault(table => table.Topic == topic);

    /// <summary>A relation whose topic is another table's too.</summary>
    private sealed record SharedRelation(RelationShape Shape, TableName Name, string Topic, Fault Why);

    private ChangeSource Source(Lsn lsn) =>
        new("false", _begin.CommittedAt, lsn, Offset.LastCommit, _begin.Xid, _origin?.Name, _origin?.Commit);
}
