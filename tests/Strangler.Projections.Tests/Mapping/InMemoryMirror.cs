using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Tests.Mapping;

/// <summary>
/// A mirror in memory, for the property tests of mapping and gathering, which need thousands of cases.
/// </summary>
internal sealed class InMemoryMirror : IMirrorReader
{
    private readonly Dictionary<MirrorTable, Dictionary<string, RowVersion>> _rows;
    private readonly List<Image> _images = [];

    public InMemoryMirror(ProjectionModel model)
    {
        Projection = new BoundProjection(model);
        var tables = model
            .Tables.Select(
                (table, index) =>
                    new MirrorTable(
                        index + 1,
                        table.Schema,
                        table.Name,
                        [.. table.Columns.Select(column => column.Name)],
                        table.Links.Count
                    )
            )
            .ToList();
        Projection.Bind(table => tables.Single(one => one.Name == table.Name), (_, ordinal) => ordinal);
        _rows = tables.ToDictionary(table => table, _ => new Dictionary<string, RowVersion>());
        Tables = tables;
    }

    public BoundProjection Projection { get; }

    public IReadOnlyList<MirrorTable> Tables { get; }

    /// <summary>The changes since the last call.</summary>
    public IReadOnlyList<Image> TakeImages()
    {
        var images = _images.ToList();
        _images.Clear();
        return images;
    }

    /// <summary>Stores a row, or removes it if the row is null.</summary>
    public void Put(int table, int id, TestRow? row, Position position)
    {
        var mirror = Tables[table];
        var pk = $"{{\"id\":{id}}}";
        var before = _rows[mirror].GetValueOrDefault(pk);
        if (row is null && before is null)
            return;
        var after = row is null
            ? null
            : new RowVersion(
                pk,
                row.Json,
                position,
                RowLinks.Of(mirror, pk, row.Json, one => throw new InvalidOperationException(one.Problem))
            );
        if (after is null)
            _rows[mirror].Remove(pk);
        else
            _rows[mirror][pk] = after;
        _images.Add(new Image(mirror, before?.Links, after?.Links, Position.EndOf(position.Epoch, position.Commit)));
    }

    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<IReadOnlyList<RowVersion>>>([.. reads.Select(Read)]);

    private List<RowVersion> Read(LinkRead read)
    {
        if (read.Slot is not { } slot)
            return [.. _rows[read.Table].Values];
        var set = read.Values.ToHashSet();
        return [.. _rows[read.Table].Values.Where(row => row.Links[slot] is { } value && set.Contains(value))];
    }
}
