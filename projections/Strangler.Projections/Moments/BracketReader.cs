using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// The versions of the mirror that hold at some moment of a bracket: begun before L1, not ended before L0, and not
/// begun and ended within one transaction, because nobody else ever saw those. The limit is one more than may be held,
/// which detects too many versions without reading all of them.
/// </summary>
internal sealed class BracketReader(StoreSession session, Bracket bracket) : IVersionReader
{
    public Task<IReadOnlyList<IReadOnlyList<BracketVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        int limit,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync<BracketVersion>(
            [.. reads.Select(read => Select(read, limit))],
            (row, index) => BracketColumns.Of(row, reads[index].Table).Read,
            limit,
            cancellationToken
        );

    // Nothing has ended in an epoch later than the bracket's, which is the one being applied. With this condition, the
    // index over a link and its versions' ends is read from L0 on, however many versions ended before.
    private Statement Select(LinkRead read, int limit)
    {
        var (table, where) = (read.Table, read.Slot is { } slot ? $"l{slot} = any($5) and" : "");
        object?[] values = read.Slot is null ? [] : [read.Array];
        return new Statement(
            $"""
            (
                select pk, row, epoch, commit, ordinal{table.LinkList()}, to_epoch, to_commit, to_ordinal
                from {table.History}
                where {where} (epoch, commit) < ($1, $2) and to_epoch = $1 and to_commit >= $3
                    and (epoch, commit) < (to_epoch, to_commit)
                limit $4
            )
            union all
            (
                select pk, row, epoch, commit, ordinal{table.LinkList()}, null, null, null
                from {table.Current}
                where {where} row is not null and (epoch, commit) < ($1, $2)
                limit $4
            )
            """,
            [bracket.Epoch, bracket.To.Sql(), bracket.From.Sql(), limit, .. values]
        );
    }
}
