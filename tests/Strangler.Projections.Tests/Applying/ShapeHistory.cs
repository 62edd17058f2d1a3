using Strangler.ChangeLog;
using Strangler.Projections.Tests.Mapping;

namespace Strangler.Projections.Tests.Applying;

/// <summary>Writes generated changes to a source's log, and keeps what the source then holds at each position.</summary>
internal sealed class ShapeHistory(Shape shape, SourceLog source)
{
    private TestTables _state = new();

    /// <summary>The rows at the end of each transaction, in order.</summary>
    public List<(Position At, TestTables State)> States { get; } = [];

    public TestTables State => _state;

    public async Task SnapshotAsync(IEnumerable<TestChange> rows)
    {
        foreach (var row in rows) Change(row);
        Note(await source.SnapshotAsync([.. Enumerable.Range(0, shape.Tables.Count).Select(table => (Shape.Schema(table), _state.Rows(table).Select(row => (row.Key, row.Json)).ToArray()))]));
    }

    public async Task CommitAsync(IEnumerable<TestChange> changes)
    {
        var events = changes.SelectMany(Change).ToArray();
        if (events.Length > 0) Note(await source.CommitAsync(events));
        else Note(await source.ProgressAsync());
    }

    /// <summary>The source with another history: other rows, read anew.</summary>
    public async Task NewEpochAsync(IEnumerable<TestChange> rows)
    {
        _state = new TestTables();
        foreach (var row in rows) Change(row);
        Note(await source.NewEpochAsync([.. Enumerable.Range(0, shape.Tables.Count).Select(table => (Shape.Schema(table), _state.Rows(table).Select(row => (row.Key, row.Json)).ToArray()))]));
    }

    private void Note(Position at) => States.Add((at, _state.Copy()));

    private IEnumerable<Event> Change(TestChange change)
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
        return [before is null ? SourceLog.Insert(schema, row.Key, row.Json) : SourceLog.Update(schema, row.Key, row.Json)];
    }
}
