using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// What the log's readers have been told about each table, through the open transaction: its shape, whether it is in
/// doubt, and why it stays so. What a transaction tells takes effect when it commits.
/// </summary>
internal sealed class StreamTables(
    EventProfile profile,
    IReadOnlyList<TableOffset> stored,
    RecordSink sink,
    ILogger logger
)
{
    private readonly Dictionary<string, TableOffset> _open = [];
    private readonly HashSet<string> _openDoubts = [],
        _openStays = [];
    private readonly HashSet<(string Topic, string Kind)> _told = [];
    private readonly Dictionary<string, Fault> _untold = [];

    /// <summary>The tables as of the last whole transaction.</summary>
    public IReadOnlyList<TableOffset> Stored { get; set; } = stored;

    /// <summary>Topics whose rows are in doubt since a whole transaction, and must be read again.</summary>
    public HashSet<string> Doubts { get; } = [];

    /// <summary>Those of <see cref="Doubts"/> whose rows the log owes.</summary>
    public HashSet<string> Unread { get; } = [];

    public TableOffset? Find(string topic) =>
        _open.TryGetValue(topic, out var open) ? open : Stored.FirstOrDefault(table => table.Topic == topic);

    /// <summary>Everything in doubt has been read again, except the topics in <paramref name="unread"/>.</summary>
    public void Read(IEnumerable<string> unread)
    {
        Doubts.IntersectWith(unread);
        Unread.IntersectWith(unread);
        _told.RemoveWhere(told => !Doubts.Contains(told.Topic));
        _untold.Clear();
    }

    /// <summary>These topics can't be read so far: the next transaction tells readers why, once.</summary>
    /// <returns>The topics for which it has not been reported before.</returns>
    public IReadOnlyList<string> PutOff(TableScanObstacle obstacle, IEnumerable<string> doubts)
    {
        var topics = doubts.Where(topic => _told.Add((topic, obstacle.Kind))).Order(StringComparer.Ordinal).ToList();
        foreach (var topic in topics)
            _untold[topic] = obstacle.Why;
        return topics;
    }

    /// <summary>Adds a Schema record before the first row in a shape that the log doesn't have.</summary>
    public void Describe(RelationModel relation, string fingerprint)
    {
        var known = Find(relation.Topic);
        if (known?.Shape == relation.ShapeHash)
            return;
        if (known is { StaysInDoubt: true })
        {
            AddSchema(relation, fingerprint);
            _open[relation.Topic] = known with { Shape = relation.ShapeHash };
            return;
        }
        if (profile.ReadsAgain || Owed(relation.Topic, relation.Shape.Oid) is not null)
            Doubt(relation, fingerprint, "its rows have another shape");
        else
            Take(relation, fingerprint);
    }

    /// <summary>
    /// A key was written as bytes that a session with the server's conversion would write as text. Its row has two
    /// keys, until a reading leaves one.
    /// </summary>
    public void DoubtKey(RelationModel relation, string fingerprint)
    {
        if (
            !_openDoubts.Contains(relation.Topic)
            && !Doubts.Contains(relation.Topic)
            && Find(relation.Topic) is not { StaysInDoubt: true }
        )
            Doubt(relation, fingerprint, "a key came without the server's conversion");
    }

    /// <summary>Another table has the same topic, which readers are told once.</summary>
    public void Share(StreamRelation.SharesTopic shared)
    {
        if (Find(shared.Topic) is not { StaysInDoubt: true })
            StayInDoubt(
                new TableState(shared.Topic, shared.Name, shared.Shape.Oid, null, shared.Why, null),
                shared.Why
            );
    }

    /// <summary>The tables that differ are in doubt from here on.</summary>
    public void Place(CatalogueDifference difference)
    {
        foreach (var table in difference.Tables)
        {
            var known = Find(table.Topic);
            // A relation message showed it before the catalogue did: the table has been read since, or is about to be.
            if (known?.Fingerprint == table.MarkAfter(known))
                continue;
            if (table.DoubtAfter(known) is { } why)
                StayInDoubt(table, why);
            else if (!profile.ReadsAgain && Owed(table.Topic, table.Oid) is null)
            {
                Take(table.Table!.ToModel(profile), table.Table.Fingerprint());
                logger.TableAltered(table.Topic);
            }
            else if (!Doubts.Contains(table.Topic))
                Doubt(table.Table!.ToModel(profile), table.Table.Fingerprint(), "the catalogue says so");
        }
    }

    /// <summary>Adds, as the last records of the transaction, why tables can't be read so far.</summary>
    public void AddObstacles()
    {
        foreach (var (topic, why) in _untold.Where(doubt => !_openStays.Contains(doubt.Key)))
            AddDoubt(topic, $"It can't be read again so far. {why}");
        _untold.Clear();
    }

    /// <summary>The open transaction is whole.</summary>
    public void Commit()
    {
        if (_open.Count > 0)
            Stored = [.. Stored.Where(table => !_open.ContainsKey(table.Topic)), .. _open.Values];
        Doubts.UnionWith(_openDoubts);
        Doubts.ExceptWith(_openStays);
        Unread.UnionWith(_openDoubts.Where(topic => Find(topic) is { Unread: not null }));
        Unread.ExceptWith(_openStays);
        _open.Clear();
        _openDoubts.Clear();
        _openStays.Clear();
    }

    private void Doubt(RelationModel relation, string fingerprint, string because)
    {
        // No complete reading has an empty fingerprint: if the bridge is killed before the reading, the next start
        // finds that the table differs.
        Take(relation, fingerprint, known: "");
        _openDoubts.Add(relation.Topic);
        _openStays.Remove(relation.Topic);
        logger.TableInDoubt(relation.Topic, because);
    }

    /// <summary>The table is as described from here on.</summary>
    private void Take(RelationModel relation, string fingerprint, string? known = null)
    {
        var schema = AddSchema(relation, fingerprint);
        _open[relation.Topic] = new TableOffset(
            relation.Topic,
            schema.Oid,
            known ?? fingerprint,
            relation.ShapeHash,
            new TableName(schema.Schema, schema.Table)
        )
        {
            Unread = Owed(relation.Topic, schema.Oid),
        };
    }

    /// <summary>
    /// The table whose rows the log owes if it reads this one: the topic's, or this one itself, which had another name
    /// when the snapshot was interrupted. Null if it owes none.
    /// </summary>
    private uint? Owed(string topic, uint oid) =>
        Find(topic)?.Unread ?? (_open.Values.Concat(Stored).Any(table => table.Unread == oid) ? oid : null);

    /// <summary>The table can't be read until something is fixed: readers are told so, and why.</summary>
    private void StayInDoubt(TableState table, Fault why)
    {
        AddDoubt(table.Topic, why.ToString());
        var known = Find(table.Topic);
        _open[table.Topic] = new TableOffset(
            table.Topic,
            table.Oid == 0 ? known?.Oid ?? 0 : table.Oid,
            TableOffset.MarkOf(why),
            known?.Shape ?? "",
            table.Name
        )
        {
            Unread = Owed(table.Topic, table.Oid),
        };
        _openDoubts.Remove(table.Topic);
        _openStays.Add(table.Topic);
        logger.TableStaysInDoubt(table.Topic, table.MendsItself, why);
    }

    private TableSchema AddSchema(RelationModel relation, string fingerprint)
    {
        var schema = relation.ToSchema(fingerprint, inDoubt: true);
        sink.Add(LogRecordKind.Schema, relation.Topic, null, [], schema.ToJson());
        return schema;
    }

    private void AddDoubt(string topic, string why) =>
        sink.Add(LogRecordKind.TableDoubt, topic, null, [], new TableDoubt(why).ToJson());
}
