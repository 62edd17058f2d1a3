using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Applies pages of the log to the mirror within a batch's transaction, and maps what changed. Each version that ends
/// goes to history, and the last version of each row to current. Row changes are collected by table and written
/// set-based; a change that empties or rereads a table is applied after them.
/// </summary>
internal sealed class MirrorPage(
    StoreSession session,
    ChangeReader changes,
    AffectedBatch affected,
    TableFit fit,
    Checkpoint checkpoint,
    DateTimeOffset at
)
{
    private const int ImagesAtOnce = 5_000;
    private readonly CurrentMirror _mirror = new(session);
    private readonly MirrorWriter _writer = new(session);
    private readonly Dictionary<MirrorTable, List<Change>> _pending = [];
    private readonly List<Image> _images = [];
    private readonly List<(BoundProjection Projection, string Problem)> _stops = [];
    private int _epoch = checkpoint.Position.Epoch;

    /// <summary>How many row changes were applied.</summary>
    public int Applied { get; private set; }

    /// <summary>
    /// How many changes were older than the mirror's rows, and left them as they are: normal only in a replay.
    /// </summary>
    public int Repeated { get; private set; }

    public async Task ApplyAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (record.Position.Epoch > _epoch)
                await fit.ForgetAsync(session, checkpoint.Source, cancellationToken);
            _epoch = record.Position.Epoch;
            if (changes.Read(record) is not var (table, change))
                continue;
            if (change is Change.Written or Change.Deleted)
            {
                if (!_pending.TryGetValue(table, out var list))
                    _pending[table] = list = [];
                list.Add(change);
                continue;
            }
            await WriteAsync([table], cancellationToken);
            await SettledPositionStore.NoteAsync(session, table, change, cancellationToken);
            await (
                change switch
                {
                    Change.Emptied => EndAsync(table, change.Position, unseenOnly: false, cancellationToken),
                    Change.Reread => RereadAsync(table, change.Position, cancellationToken),
                    Change.Described described => fit.DescribeAsync(
                        session,
                        table,
                        described.Schema,
                        cancellationToken
                    ),
                    Change.Doubted doubted => fit.DoubtAsync(session, table, doubted.Why, cancellationToken),
                    Change.Keyless => KeylessAsync(table, cancellationToken),
                    _ => throw new InvalidOperationException($"A change of kind {change.GetType().Name} is not known."),
                }
            );
        }
        await WriteAsync([.. _pending.Keys], cancellationToken);
        await MapAsync(cancellationToken);
    }

    private async Task WriteAsync(IReadOnlyList<MirrorTable> tables, CancellationToken cancellationToken)
    {
        var changed = new List<(MirrorTable Table, List<Change> Changes)>();
        foreach (var table in tables)
        {
            if (_pending.Remove(table, out var pending))
                changed.Add((table, pending));
        }
        var writes = new List<MirrorWrite>();
        var seen = new List<(MirrorTable Table, Position Commit, HashSet<string> Pks)>();
        foreach (
            var ((table, changes), found) in changed.Zip(
                await _mirror.ByPkAsync([.. changed.Select(one => (one.Table, Pks(one.Changes)))], cancellationToken)
            )
        )
        {
            var rows = new PageRows(table, found, (projection, problem) => _stops.Add((projection, problem)));
            foreach (var change in changes)
            {
                if (
                    change is Change.Written { Unavailable.Count: > 0 } written
                    && rows.FillsFrom(written) is { } former
                )
                    rows.Remember(former, await LastRowAsync(table, former, cancellationToken));
                rows.Apply(change, _images);
            }
            Applied += rows.Applied;
            Repeated += rows.Repeated;
            if (rows.Lacks)
                await fit.DoubtAsync(
                    session,
                    table,
                    "A value of a row was not sent and isn't stored anywhere.",
                    cancellationToken
                );
            writes.Add(new MirrorWrite(table, rows.Last(), rows.Ended));
            seen.AddRange(rows.Seen.Select(one => (table, one.Key, one.Value)));
        }
        await _writer.WriteAsync(writes, at, cancellationToken);
        foreach (var (table, commit, pks) in seen)
            await _writer.SeenAsync(table, pks, commit, cancellationToken);
        foreach (var (projection, problem) in _stops)
            await ProjectionStop.StopAsync(session, projection, problem, cancellationToken);
        _stops.Clear();
        if (_images.Count >= ImagesAtOnce)
            await MapAsync(cancellationToken);
    }

    private static HashSet<string> Pks(List<Change> changes) =>
        changes
            .SelectMany(change =>
                change switch
                {
                    Change.Written written => written.FormerPk is { } former
                        ? [written.Pk, former]
                        : new[] { written.Pk },
                    Change.Deleted deleted => [deleted.Pk],
                    _ => [],
                }
            )
            .ToHashSet(StringComparer.Ordinal);

    private async Task EndAsync(
        MirrorTable table,
        Position position,
        bool unseenOnly,
        CancellationToken cancellationToken
    )
    {
        if (!unseenOnly)
        {
            foreach (var use in table.Uses)
                use.Projection.Unread.Remove(table.Id);
        }
        string? after = "";
        while (after is not null)
        {
            (var ended, after) = await _writer.EndAsync(table, position, unseenOnly, after, at, cancellationToken);
            Applied += ended.Count;
            foreach (var links in ended)
                _images.Add(new Image(table, links, null, Position.EndOf(position.Epoch, position.Commit)));
            if (_images.Count >= ImagesAtOnce)
                await MapAsync(cancellationToken);
        }
    }

    private async Task RereadAsync(MirrorTable table, Position position, CancellationToken cancellationToken)
    {
        await EndAsync(table, position, unseenOnly: true, cancellationToken);
        await fit.EndDoubtAsync(session, table, cancellationToken);
    }

    private async Task KeylessAsync(MirrorTable table, CancellationToken cancellationToken)
    {
        foreach (var use in table.Uses)
            await ProjectionStop.StopAsync(
                session,
                use.Projection,
                $"{table} has no key, so that its rows cannot be told apart. Give it a primary key, or a replica "
                    + "identity using a unique index.",
                cancellationToken
            );
    }

    private async Task MapAsync(CancellationToken cancellationToken)
    {
        await affected.MapAsync(_images, cancellationToken);
        _images.Clear();
    }

    // The old key was deleted in an earlier page of the same transaction, so its last version is the newest in history.
    private Task<string?> LastRowAsync(MirrorTable table, string pk, CancellationToken cancellationToken) =>
        session.ScalarAsync<string>(
            $"select row from {table.History} where pk = $1 order by epoch desc, commit desc, ordinal desc limit 1",
            [pk],
            cancellationToken
        );
}
