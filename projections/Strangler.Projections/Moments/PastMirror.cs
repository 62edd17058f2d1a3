using Strangler.ChangeLog;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// The mirror as it was at the end of a past transaction: versions with from ≤ P &lt; to in history, and versions in
/// current that hold since P or earlier.
/// </summary>
internal sealed class PastMirror(StoreSession session, Position position) : IMirrorReader
{
    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync<RowVersion>(
            [.. reads.Select(Select)],
            (row, index) => VersionColumns.Of(row, reads[index].Table).Read,
            int.MaxValue,
            cancellationToken
        );

    private Statement Select(LinkRead read)
    {
        var (table, where) = (read.Table, read.Slot is { } slot ? $"l{slot} = any($4) and" : "");
        object?[] values = read.Slot is null ? [] : [read.Array];
        return new Statement(
            $"""
            select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.History}
            where {where} (epoch, commit, ordinal) <= ($1, $2, $3) and ($1, $2, $3) < (to_epoch, to_commit, to_ordinal)
            union all
            select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.Current}
            where {where} row is not null and (epoch, commit, ordinal) <= ($1, $2, $3)
            """,
            [position.Epoch, position.Commit.Sql(), position.Ordinal, .. values]
        );
    }
}
