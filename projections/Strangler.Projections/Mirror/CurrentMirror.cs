using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Mirror;

/// <summary>The mirror as it is in the session's transaction.</summary>
internal sealed class CurrentMirror(StoreSession session) : IMirrorReader
{
    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) =>
        RowsAsync(
            [
                .. reads.Select(read =>
                    (
                        read.Table,
                        read.Slot is { } slot
                            ? Select(read.Table, $"row is not null and l{slot} = any($1)", [read.Array])
                            : Select(read.Table, "row is not null", [])
                    )
                ),
            ],
            cancellationToken
        );

    /// <summary>The stored rows for primary keys, including tombstones, of each table.</summary>
    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ByPkAsync(
        IReadOnlyList<(MirrorTable Table, IReadOnlyCollection<string> Pks)> reads,
        CancellationToken cancellationToken
    ) =>
        RowsAsync(
            [.. reads.Select(read => (read.Table, Select(read.Table, "pk = any($1)", [read.Pks.ToArray()])))],
            cancellationToken
        );

    private static Statement Select(MirrorTable table, string where, object?[] values) =>
        new($"select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.Current} where {where}", values);

    private Task<IReadOnlyList<IReadOnlyList<RowVersion>>> RowsAsync(
        IReadOnlyList<(MirrorTable Table, Statement Statement)> reads,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync<RowVersion>(
            [.. reads.Select(read => read.Statement)],
            (row, index) => VersionColumns.Of(row, reads[index].Table).Read,
            int.MaxValue,
            cancellationToken
        );
}
