using Strangler.ChangeLog;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>The mirror as it was at the end of a past transaction: versions with from ≤ P &lt; to in history, and what holds since P or before in current.</summary>
internal sealed class PastMirror(StoreSession session, Position position) : IMirrorReader
{
    public Task<IReadOnlyList<RowVersion>> ByLinkAsync(MirrorTable table, int slot, IReadOnlyCollection<string> values, CancellationToken cancellationToken) =>
        ReadAsync(table, $"l{slot} = any($4) and", [values.ToArray()], cancellationToken);

    public Task<IReadOnlyList<RowVersion>> AllAsync(MirrorTable table, CancellationToken cancellationToken) => ReadAsync(table, "", [], cancellationToken);

    private async Task<IReadOnlyList<RowVersion>> ReadAsync(MirrorTable table, string where, object?[] values, CancellationToken cancellationToken)
    {
        var rows = new List<RowVersion>();
        await foreach (var row in session.QueryAsync($"""
            select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.History}
            where {where} (epoch, commit, ordinal) <= ($1, $2, $3) and ($1, $2, $3) < (to_epoch, to_commit, to_ordinal)
            union all
            select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.Current}
            where {where} row is not null and (epoch, commit, ordinal) <= ($1, $2, $3)
            """, [position.Epoch, position.Commit.Sql(), position.Ordinal, .. values], cancellationToken)) rows.Add(CurrentMirror.Version(row, table));
        return rows;
    }
}
