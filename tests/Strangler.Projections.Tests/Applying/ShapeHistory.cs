using Strangler.ChangeLog;
using Strangler.Projections.Tests.Mapping;

namespace Strangler.Projections.Tests.Applying;

/// <summary>Writes generated changes to a source's log, and keeps the source's rows at each position.</summary>
internal sealed class ShapeHistory(Shape shape, SourceLog source)
{
    private TestTables _state = new();

    /// <summary>The rows at the end of each transaction, in order.</summary>
    public List<(Position At, TestTables State)> States { get; } = [];

    public TestTables State => _state;

    public async Task SnapshotAsync(IEnumerable<TestChange> rows)
    {
        foreach (var row in rows)
            Change(row);
        Note(
            await source.SnapshotAsync([
                .. Enumerable
                    .Range(0, shape.Tables.Count)
                    .Select(table =>
                        (Shape.Schema(table), _state.Rows(table).Select(row => (row.Key, row.Json)).ToArray())
                    ),
            ])
        );
    }

    /// <param name="xid">The transaction's id; null for any.</param>
    public async Task CommitAsync(IEnumerable<TestChange> changes, ulong? xid = null)
    {
        var events = changes.SelectMany(change => Change(change)).ToArray();
        if (events.Length > 0)
            Note(await (xid is { } id ? source.CommitAsync(id, events) : source.CommitAsync(events)));
        else
            Note(await source.ProgressAsync());
    }

    /// <summary>Gives the source another history: other rows, read again.</summary>
    public async Task NewEpochAsync(IEnumerable<TestChange> rows)
    {
        _state = new TestTables();
        foreach (var row in rows)
            Change(row);
        Note(
            await source.NewEpochAsync([
                .. Enumerable
                    .Range(0, shape.Tables.Count)
                    .Select(table =>
                        (Shape.Schema(table), _state.Rows(table).Select(row => (row.Key, row.Json)).ToArray())
                    ),
            ])
        );
    }

    /// <summary>
    /// A column is added with a value for every row, without events for the rows; or it is dropped first, and added
    /// back while others write. States in between aren't recorded: a table in doubt has no state.
    /// </summary>
    public async Task AlterAsync(int table, int column, int? value, TestChange[]? meanwhile, Func<Task> between)
    {
        var schema = Shape.Schema(table);
        if (meanwhile is not null)
        {
            await source.CommitAsync(
                SourceLog.Described(
                    schema with
                    {
                        InDoubt = true,
                        Columns = [.. schema.Columns.Where(one => one.Name != $"c{column}")],
                    }
                )
            );
            await between();
            var events = meanwhile
                .SelectMany(change => Change(change, change.Table == table ? column : null))
                .ToArray();
            if (events.Length > 0)
                await source.CommitAsync(events);
            await between();
        }
        await source.CommitAsync(SourceLog.Described(schema with { InDoubt = true }));
        await between();
        foreach (var row in _state.Rows(table).ToList())
            _state.Put(
                table,
                new TestRow(row.Id, [.. row.Columns.Select((one, index) => index == column ? value : one)])
            );
        Note(
            await source.RereadAsync(
                SourceLog.Reading(schema, [.. _state.Rows(table).Select(row => (row.Key, row.Json))])
            )
        );
    }

    private void Note(Position at) => States.Add((at, _state.Copy()));

    private Event[] Change(TestChange change, int? lost = null)
    {
        var schema = Shape.Schema(change.Table);
        if (change.Id < 0)
        {
            _state.Empty(change.Table);
            return [SourceLog.Truncate(schema)];
        }
        var before = _state.Find(change.Table, change.Id);
        if (change.Columns is null)
        {
            return _state.Remove(change.Table, change.Id) ? SourceLog.Delete(schema, before!.Key) : [];
        }
        var row = new TestRow(change.Id, change.Columns);
        _state.Put(change.Table, row);
        var json = lost is { } column ? row.JsonWithout(column) : row.Json;
        return [before is null ? SourceLog.Insert(schema, row.Key, json) : SourceLog.Update(schema, row.Key, json)];
    }
}
