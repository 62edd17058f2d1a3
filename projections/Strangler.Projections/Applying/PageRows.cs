using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;
using Strangler.Projections.Sources;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>The rows of one table while a page's changes are applied to them, in order. No I/O.</summary>
internal sealed class PageRows
{
    private readonly MirrorTable _table;
    private readonly Action<BoundProjection, string> _stop;
    private readonly Dictionary<string, RowVersion> _rows;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    // The last version of each deleted row: after a key change, the new row takes from it the values that weren't sent.
    private readonly Dictionary<string, string> _deleted = new(StringComparer.Ordinal);

    /// <param name="table">The table.</param>
    /// <param name="found">The mirror's rows for the keys of the page.</param>
    /// <param name="stop">Called for a projection that can't tell which keys a row belongs to.</param>
    public PageRows(MirrorTable table, IReadOnlyList<RowVersion> found, Action<BoundProjection, string> stop)
    {
        (_table, _stop) = (table, stop);
        _rows = found.ToDictionary(row => row.Pk, StringComparer.Ordinal);
    }

    public List<EndedVersion> Ended { get; } = [];

    /// <summary>Rows that a snapshot found unchanged, by its commit.</summary>
    public Dictionary<Position, HashSet<string>> Seen { get; } = [];

    /// <summary>Whether a row lacks a column because its value wasn't sent and isn't stored anywhere.</summary>
    public bool Lacks { get; private set; }

    public int Applied { get; private set; }

    public int Repeated { get; private set; }

    /// <summary>The last version of each row that changed, sorted by key.</summary>
    public IReadOnlyList<RowVersion> Last() => [.. _changed.Order(StringComparer.Ordinal).Select(pk => _rows[pk])];

    /// <summary>
    /// The old key whose last row has to be looked up before <paramref name="written"/> is applied; null if that row is
    /// here.
    /// </summary>
    public string? FillsFrom(Change.Written written) =>
        written.FormerPk is { } former
        && !_deleted.ContainsKey(former)
        && _rows.GetValueOrDefault(written.Pk)?.Row is null
            ? former
            : null;

    public void Remember(string pk, string? row)
    {
        if (row is not null)
            _deleted[pk] = row;
    }

    public void Apply(Change change, List<Image> images)
    {
        switch (change)
        {
            case Change.Written written:
                Write(written, images);
                break;
            case Change.Deleted deleted:
                Delete(deleted, images);
                break;
        }
    }

    private void Write(Change.Written change, List<Image> images)
    {
        var before = _rows.GetValueOrDefault(change.Pk);
        if (before is not null && change.Position <= before.From)
        {
            Repeated++;
            return;
        }
        var row = change.Unavailable.Count > 0 ? Complete(change, before) : change.Row;
        if (before?.Row == row)
        {
            // No declared column has changed, so no version begins. A snapshot must record that the row still exists.
            if (change.Read)
                See(change);
            return;
        }
        var version = new RowVersion(change.Pk, row, change.Position, Links(change.Pk, row));
        Replace(before, version, images);
    }

    private void Delete(Change.Deleted change, List<Image> images)
    {
        if (_rows.GetValueOrDefault(change.Pk) is not { Row: { } row } before)
            return;
        if (change.Position <= before.From)
        {
            Repeated++;
            return;
        }
        _deleted[change.Pk] = row;
        foreach (var use in _table.Uses)
            use.Projection.Unread.Remove(_table.Id, change.Pk);
        Replace(before, new RowVersion(change.Pk, null, change.Position, new string?[_table.Slots]), images);
    }

    private void Replace(RowVersion? before, RowVersion version, List<Image> images)
    {
        var live = before?.Row is not null;
        if (live)
            Ended.Add(new EndedVersion(before!, version.From));
        images.Add(
            new Image(
                _table,
                live ? before!.Links : null,
                version.Row is null ? null : version.Links,
                Position.EndOf(version.From.Epoch, version.From.Commit)
            )
        );
        _rows[version.Pk] = version;
        _changed.Add(version.Pk);
        Applied++;
    }

    private string?[] Links(string pk, string row)
    {
        List<BoundProjection>? unread = null;
        var links = RowLinks.Of(
            _table,
            pk,
            row,
            one =>
            {
                (unread ??= []).Add(one.Use.Projection);
                one.Use.Projection.Unread.Add(_table.Id, pk);
                if (!one.IsFound)
                    _stop(one.Use.Projection, one.Problem);
            }
        );
        foreach (var use in _table.Uses)
        {
            var projection = use.Projection;
            if (
                projection.Unread.IsEmpty
                || unread?.Contains(projection) is true
                || !projection.Unread.Contains(_table.Id, pk)
            )
                continue;
            if (projection.Live || RowLinks.CanRead(use, row))
                projection.Unread.Remove(_table.Id, pk);
        }
        return links;
    }

    private string Complete(Change.Written change, RowVersion? before)
    {
        var former = before?.Row ?? (change.FormerPk is { } pk ? _deleted.GetValueOrDefault(pk) : null);
        if (RowText.Filled(change.Row, former, _table.Columns, change.Unavailable) is { } filled)
            return filled;
        Lacks = true;
        foreach (var use in _table.Uses)
            _stop(
                use.Projection,
                $"A value of the row {ShortText.Of(change.Pk)} of {_table} was not sent (it is stored out of line "
                    + "and had not changed), and the mirror has no version of the row that holds it. "
                    + "The table has to be read again."
            );
        return change.Row;
    }

    private void See(Change.Written change)
    {
        var commit = Position.EndOf(change.Position.Epoch, change.Position.Commit);
        if (!Seen.TryGetValue(commit, out var seen))
            Seen[commit] = seen = new HashSet<string>(StringComparer.Ordinal);
        seen.Add(change.Pk);
    }
}
