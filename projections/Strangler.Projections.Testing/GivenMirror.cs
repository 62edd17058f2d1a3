using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Testing;

/// <summary>A mirror of the declared tables in memory, and the projection bound to it.</summary>
internal sealed class GivenMirror : IMirrorReader
{
    private readonly BoundProjection _projection;
    private readonly Dictionary<MirrorTable, Dictionary<string, RowVersion>> _rows = [];
    private ulong _commit;

    public GivenMirror(ProjectionModel model)
    {
        _projection = new BoundProjection(model);
        _projection.Bind(Mirrored, (_, ordinal) => ordinal);

        MirrorTable Mirrored(TableModel table)
        {
            var columns = table.Columns.Select(column => column.Name).ToList();
            var mirror = new MirrorTable(_rows.Count + 1, table.Schema, table.Name, columns, table.Links.Count);
            _rows.Add(mirror, new(StringComparer.Ordinal));
            return mirror;
        }
    }

    /// <summary>The keys that a row names.</summary>
    public IReadOnlyCollection<string> Keys =>
        (
            from use in _projection.Tables
            from hop in use.Model.Hops.OfType<Hop.FromKey>()
            from row in _rows[use.Mirror].Values
            select row.Links[use.Slot(hop.To)]
        )
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Writes a row, or removes it if <paramref name="json"/> is null.</summary>
    /// <exception cref="ProjectionTestException">
    /// The row can't be read, or a lambda of <c>Declare</c> threw.
    /// </exception>
    public Image Put(TableModel table, string key, string? json)
    {
        var mirror = _projection.Use(table).Mirror;
        var commit = Position.EndOf(1, new Lsn(++_commit * 8));
        var before = _rows[mirror].GetValueOrDefault(key);
        if (json is null)
        {
            _rows[mirror].Remove(key);
            return new Image(mirror, before?.Links, null, commit);
        }
        UnreadableRow? unread = null;
        var links = RowLinks.Of(mirror, key, json, row => unread ??= row);
        if (unread is not null)
            throw new ProjectionTestException(unread.Problem);
        _rows[mirror][key] = new RowVersion(key, json, commit, links);
        return new Image(mirror, before?.Links, links, commit);
    }

    /// <summary>The keys to which changes map: <see cref="KeyWalk"/> finds them.</summary>
    public IReadOnlyCollection<string> Affected(IReadOnlyList<Image> images)
    {
        var affected = new AffectedKeys();
        Now(KeyWalk.MapAsync(_projection, images, this, affected, CancellationToken.None));
        return affected.All is null ? affected.Keys.Keys : [.. affected.Keys.Keys.Union(Keys)];
    }

    /// <summary>What <c>Project</c> makes of each key.</summary>
    public IReadOnlyList<KeyOutcome> Outcomes(IReadOnlyCollection<string> keys, DateTimeOffset now)
    {
        var gathered = RowGatherer.GatherAsync(_projection, [.. keys], this, CancellationToken.None);
        Now(gathered);
        return [.. gathered.Result.Select(rows => FunctionRunner.Compute(_projection, rows, now))];
    }

    /// <exception cref="ProjectionTestException"><c>Project</c> threw.</exception>
    public KeyOutcome.Made Make(string key, DateTimeOffset now) =>
        Outcomes([key], now)[0] switch
        {
            KeyOutcome.Made made => made,
            KeyOutcome.Failed failed => throw new ProjectionTestException(
                $"{_projection.Model.Id.Name}.Project failed for the key '{key}', which would be quarantined. "
                    + $"Its rows: {failed.Rows}\n{failed.Error}"
            ),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };

    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<IReadOnlyList<RowVersion>>>([.. reads.Select(Read)]);

    private List<RowVersion> Read(LinkRead read)
    {
        var rows = _rows[read.Table].Values;
        return read.Slot is { } slot
            ? [.. rows.Where(row => row.Links[slot] is { } value && read.Values.Contains(value))]
            : [.. rows];
    }

    /// <summary>Nothing waits: everything is in memory.</summary>
    private static void Now(Task task) => task.GetAwaiter().GetResult();
}
