using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// For each requested row, reads the version that holds at a position, and the version that the row's last change at or
/// before the position ended, if that is still kept. Both are read if either has a requested link, so that it is known
/// which of them has it.
/// </summary>
internal sealed class PastReader(StoreSession session, Position position) : IVersionReader
{
    public async Task<IReadOnlyList<IReadOnlyList<BracketVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<IReadOnlyList<BracketVersion>>(reads.Count);
        foreach (var read in reads)
            found.Add(
                read.Slot is { } slot
                    ? await ByLinkAsync(read.Table, slot, read.Array, limit, cancellationToken)
                    : Latest(await ReadAsync(read.Table, "", [], limit, cancellationToken))
            );
        return found;
    }

    private async Task<IReadOnlyList<BracketVersion>> ByLinkAsync(
        MirrorTable table,
        int slot,
        string[] values,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var linked = await ReadAsync(table, $"v.l{slot} = any($5) and", [values], limit, cancellationToken);
        string[] pks = [.. linked.Select(version => version.Version.Pk).Distinct(StringComparer.Ordinal)];
        return pks.Length == 0
            ? []
            : Latest(await ReadAsync(table, "v.pk = any($5) and", [pks], limit, cancellationToken));
    }

    private async Task<IReadOnlyList<BracketVersion>> ReadAsync(
        MirrorTable table,
        string where,
        object?[] values,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var versions = new List<BracketVersion>();
        BracketColumns? columns = null;
        await foreach (
            var row in session.QueryAsync(
                $"""
                (
                    select pk, row, epoch, commit, ordinal{table.LinkList()}, to_epoch, to_commit, to_ordinal
                    from {table.History} v
                    where {where} (epoch, commit, ordinal) <= ($1, $2, $3)
                        and ($1, $2, $3) < (to_epoch, to_commit, to_ordinal)
                    limit $4
                )
                union all
                (
                    select pk, row, epoch, commit, ordinal{table.LinkList()}, null, null, null
                    from {table.Current} v
                    where {where} row is not null and (epoch, commit, ordinal) <= ($1, $2, $3)
                    limit $4
                )
                union all
                (
                    select pk, row, epoch, commit, ordinal{table.LinkList()}, to_epoch, to_commit, to_ordinal
                    from {table.History} v
                    where {where} (to_epoch, to_commit, to_ordinal) <= ($1, $2, $3)
                        and (epoch, commit) < (to_epoch, to_commit)
                        and not exists (
                            select from {table.History} later
                            where later.pk = v.pk
                                and (later.epoch, later.commit) < (later.to_epoch, later.to_commit)
                                and (later.to_epoch, later.to_commit, later.to_ordinal)
                                    > (v.to_epoch, v.to_commit, v.to_ordinal)
                                and (later.to_epoch, later.to_commit, later.to_ordinal) <= ($1, $2, $3)
                        )
                    order by to_epoch desc, to_commit desc, to_ordinal desc
                    limit $4
                )
                """,
                [position.Epoch, position.Commit.Sql(), position.Ordinal, limit, .. values],
                cancellationToken
            )
        )
            versions.Add((columns ??= BracketColumns.Of(row, table)).Read(row));
        return versions;
    }

    /// <summary>
    /// Removes versions that the row's last change didn't end: the row was deleted and inserted again.
    /// </summary>
    private BracketVersion[] Latest(IReadOnlyList<BracketVersion> versions)
    {
        var holding = versions
            .Where(version => version.HoldsAt(position))
            .ToDictionary(version => version.Version.Pk, version => version.Version.From, StringComparer.Ordinal);
        return
        [
            .. versions.Where(version =>
                version.HoldsAt(position)
                || !holding.TryGetValue(version.Version.Pk, out var from)
                || (from.Epoch, from.Commit) == (version.To!.Value.Epoch, version.To.Value.Commit)
            ),
        ];
    }
}
