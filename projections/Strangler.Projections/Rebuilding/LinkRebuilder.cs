using Npgsql;
using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Rebuilding;

/// <summary>
/// Recomputes links of the mirror for projections whose code has changed, in chunks of one transaction each, and writes
/// those that differ. Idempotent. A row whose keys are unknown because it can't be read stops its projection. A past
/// version that can't be read, such as one from a time when a column was missing, only limits how far back the past can
/// be read.
/// </summary>
internal sealed class LinkRebuilder(
    NpgsqlDataSource store,
    Checkpoint checkpoint,
    IReadOnlySet<BoundProjection> projections
)
{
    private const int Chunk = 2_000;

    public async Task RunAsync(MirrorTable table, CancellationToken cancellationToken)
    {
        if (!table.Uses.Exists(use => projections.Contains(use.Projection)))
            return;
        await RunAsync(table, table.Current, past: false, cancellationToken);
        if (table.Uses.Exists(use => projections.Contains(use.Projection) && use.Slots.Length > 0))
            await RunAsync(table, table.History, past: true, cancellationToken);
    }

    private async Task RunAsync(MirrorTable table, string name, bool past, CancellationToken cancellationToken)
    {
        RowVersion? last = null;
        do
        {
            await using var session = await StoreSession.BeginAsync(store, cancellationToken);
            await checkpoint.HoldAsync(session, cancellationToken);
            var rows = new List<RowVersion>();
            VersionColumns? columns = null;
            await foreach (
                var row in session.QueryAsync(
                    $"""
                    select pk, row, epoch, commit, ordinal{table.LinkList()}
                    from {name}
                    where (pk, epoch, commit, ordinal) > ($1, $2, $3, $4) and row is not null
                    order by pk, epoch, commit, ordinal
                    limit {Chunk}
                    """,
                    [
                        last?.Pk ?? "",
                        last?.From.Epoch ?? -1,
                        last?.From.Commit.Sql() ?? default,
                        last?.From.Ordinal ?? -1,
                    ],
                    cancellationToken
                )
            )
                rows.Add((columns ??= VersionColumns.Of(row, table)).Read(row));
            var unread = new List<RowVersion>();
            var changed = rows.Select(row =>
                    row with
                    {
                        Links = RowLinks.Of(table, row.Pk, row.Row!, one => Take(one, row), row.Links, projections),
                    }
                )
                .Zip(rows)
                .Where(pair => !pair.First.Links.AsSpan().SequenceEqual(pair.Second.Links))
                .Select(pair => pair.First)
                .ToList();
            if (changed.Count > 0)
                await WriteAsync(session, table, name, changed, cancellationToken);
            if (unread.Count > 0)
                await ForgetPastAsync(session, table, unread, cancellationToken);
            await session.CommitAsync(cancellationToken);
            last = rows.Count < Chunk ? null : rows[^1];

            void Take(UnreadableRow one, RowVersion row)
            {
                if (past)
                {
                    if (one.Use.Slots.Length > 0)
                        unread.Add(row);
                    return;
                }
                one.Use.Projection.Unread.Add(table.Id, row.Pk);
                if (!one.IsFound)
                    one.Use.Projection.Problem ??= one.Problem;
            }
        } while (last is not null);
    }

    private Task<int> ForgetPastAsync(
        StoreSession session,
        MirrorTable table,
        List<RowVersion> unread,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            $"""
            update projections.checkpoint c set kept_epoch = v.to_epoch, kept_commit = v.to_commit
            from (
                select h.to_epoch, h.to_commit
                from {table.History} h
                join unnest($2::text[], $3::int[], $4::text[]::pg_lsn[], $5::int[]) as u (pk, epoch, commit, ordinal)
                    on h.pk = u.pk and h.epoch = u.epoch and h.commit = u.commit and h.ordinal = u.ordinal
                order by h.to_epoch desc, h.to_commit desc
                limit 1
            ) as v
            where c.source = $1 and (c.kept_epoch is null or (c.kept_epoch, c.kept_commit) < (v.to_epoch, v.to_commit))
            """,
            [
                checkpoint.Source,
                unread.Select(row => row.Pk).ToArray(),
                unread.Select(row => row.From.Epoch).ToArray(),
                unread.Select(row => row.From.Commit.ToString()).ToArray(),
                unread.Select(row => row.From.Ordinal).ToArray(),
            ],
            cancellationToken
        );

    private static Task<int> WriteAsync(
        StoreSession session,
        MirrorTable table,
        string name,
        List<RowVersion> changed,
        CancellationToken cancellationToken
    )
    {
        var slots = Enumerable.Range(0, table.Slots).ToList();
        return session.ExecuteAsync(
            $"""
            update {name} c set {string.Join(", ", slots.Select(slot => $"l{slot} = v.l{slot}"))}
            from unnest($1::text[], $2::int[], $3::text[]::pg_lsn[], $4::int[]{string.Concat(
                slots.Select(slot => $", ${5 + slot}::text[]")
            )}) as v (pk, epoch, commit, ordinal{table.LinkList()})
            where c.pk = v.pk and c.epoch = v.epoch and c.commit = v.commit and c.ordinal = v.ordinal
            """,
            [
                changed.Select(row => row.Pk).ToArray(),
                changed.Select(row => row.From.Epoch).ToArray(),
                changed.Select(row => row.From.Commit.ToString()).ToArray(),
                changed.Select(row => row.From.Ordinal).ToArray(),
                .. slots.Select(slot => changed.Select(row => row.Links[slot]).ToArray()),
            ],
            cancellationToken
        );
    }
}
