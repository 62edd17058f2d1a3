using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Mirror;

/// <summary>Writes versions to the mirror, set-based.</summary>
internal sealed class MirrorWriter(StoreSession session)
{
    private const int Chunk = 5_000;

    /// <summary>
    /// Puts the last version of each row into <c>current</c> and every version that ended into <c>history</c>.
    /// </summary>
    /// <param name="writes">The rows to write, each table once.</param>
    /// <param name="at">The time by which history is partitioned.</param>
    /// <exception cref="InvalidOperationException">
    /// A newer version is already stored, which the fence rules out.
    /// </exception>
    public async Task WriteAsync(
        IReadOnlyList<MirrorWrite> writes,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var current = writes.Where(write => write.Last.Count > 0).ToList();
        var changed = await session.ExecuteAsync(
            [
                .. current.Select(Current),
                .. writes.Where(write => write.Ended.Count > 0).Select(write => History(write, at)),
            ],
            cancellationToken
        );
        foreach (var (write, written) in current.Zip(changed))
        {
            if (written != write.Last.Count)
                throw new InvalidOperationException(
                    $"{write.Last.Count - written} rows of the mirror of {write.Table} are newer than what was "
                        + "written to them."
                );
        }
    }

    private static Statement History(MirrorWrite write, DateTimeOffset at)
    {
        var (table, ended) = (write.Table, write.Ended);
        var links = string.Concat(Enumerable.Range(0, table.Slots).Select(slot => $", ${10 + slot}::text[]"));
        return new Statement(
            $"""
            insert into {table.History}
                (pk, row, epoch, commit, ordinal, to_epoch, to_commit, to_ordinal, ended{table.LinkList()})
            select pk, row, epoch, commit, ordinal, to_epoch, to_commit, to_ordinal, $9::timestamptz{table.LinkList()}
            from unnest(
                $1::text[], $2::text[], $3::int[], $4::text[]::pg_lsn[], $5::int[],
                $6::int[], $7::text[]::pg_lsn[], $8::int[]{links}
            ) as v (pk, row, epoch, commit, ordinal, to_epoch, to_commit, to_ordinal{table.LinkList()})
            """,
            Columns(
                table,
                [.. ended.Select(version => version.Version)],
                [
                    ended.Select(version => version.To.Epoch).ToArray(),
                    ended.Select(version => version.To.Commit.ToString()).ToArray(),
                    ended.Select(version => version.To.Ordinal).ToArray(),
                    at.ToUniversalTime(),
                ]
            )
        );
    }

    private static Statement Current(MirrorWrite write)
    {
        var table = write.Table;
        var links = string.Concat(Enumerable.Range(0, table.Slots).Select(slot => $", ${6 + slot}::text[]"));
        var assignments = Assignments(table, "excluded.");
        return new Statement(
            $"""
            insert into {table.Current} as c (pk, row, epoch, commit, ordinal{table.LinkList()})
            select * from unnest($1::text[], $2::text[], $3::int[], $4::text[]::pg_lsn[], $5::int[]{links})
            on conflict (pk) do update set
                row = excluded.row,
                epoch = excluded.epoch, commit = excluded.commit, ordinal = excluded.ordinal{assignments}
            where (c.epoch, c.commit, c.ordinal) < (excluded.epoch, excluded.commit, excluded.ordinal)
            """,
            Columns(table, write.Last, [])
        );
    }

    /// <summary>Records that a complete reading found rows unchanged.</summary>
    public Task SeenAsync(
        MirrorTable table,
        IReadOnlyCollection<string> pks,
        Position at,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            $"update {table.Current} set seen_epoch = $2, seen_commit = $3 where pk = any($1)",
            [pks.ToArray(), at.Epoch, at.Commit.Sql()],
            cancellationToken
        );

    /// <summary>
    /// Ends rows, at most one chunk of them: those stored before <paramref name="position"/>, and after a complete
    /// reading only those that it didn't find.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="position">The position at which they end.</param>
    /// <param name="unseenOnly">Whether to spare the rows that the reading at this commit found.</param>
    /// <param name="after">The primary key after which to continue; empty to begin.</param>
    /// <param name="at">The time by which history is partitioned.</param>
    /// <returns>
    /// The links of the rows that ended, and the key after which to continue; null when all are done.
    /// </returns>
    public async Task<(IReadOnlyList<string?[]> Ended, string? Next)> EndAsync(
        MirrorTable table,
        Position position,
        bool unseenOnly,
        string after,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        // A row that the reading found either has its position at the reading's commit or was marked as seen there.
        var which = unseenOnly
            ? "(epoch, commit) < ($2, $3) and (seen_epoch is null or (seen_epoch, seen_commit) < ($2, $3))"
            : "(epoch, commit, ordinal) < ($2, $3, $4)";
        var ended = new List<string?[]>();
        var unlinked = string.Concat(Enumerable.Range(0, table.Slots).Select(slot => $", l{slot} = null"));
        var last = "";
        VersionColumns? columns = null;
        await foreach (
            var row in session.QueryAsync(
                $"""
                with ended as materialized (
                    select pk, row, epoch, commit, ordinal{table.LinkList()}
                    from {table.Current}
                    where pk > $1 and row is not null and $4::int is not null and {which}
                    order by pk
                    limit {Chunk}
                ), kept as (
                    insert into {table.History}
                        (pk, row, epoch, commit, ordinal, to_epoch, to_commit, to_ordinal, ended{table.LinkList()})
                    select pk, row, epoch, commit, ordinal, $2, $3, $4, $5{table.LinkList()} from ended
                ), emptied as (
                    update {table.Current} c set row = null, epoch = $2, commit = $3, ordinal = $4{unlinked}
                    from ended
                    where c.pk = ended.pk
                )
                select pk, null::text as row, epoch, commit, ordinal{table.LinkList()} from ended order by pk
                """,
                [after, position.Epoch, position.Commit.Sql(), position.Ordinal, at.ToUniversalTime()],
                cancellationToken
            )
        )
        {
            var version = (columns ??= VersionColumns.Of(row, table)).Read(row);
            ended.Add(version.Links);
            last = version.Pk;
        }
        return (ended, ended.Count < Chunk ? null : last);
    }

    private static string Assignments(MirrorTable table, string from) =>
        string.Concat(Enumerable.Range(0, table.Slots).Select(slot => $", l{slot} = {from}l{slot}"));

    private static object?[] Columns(MirrorTable table, IReadOnlyList<RowVersion> versions, object?[] more) =>
        [
            versions.Select(version => version.Pk).ToArray(),
            versions.Select(version => version.Row).ToArray(),
            versions.Select(version => version.From.Epoch).ToArray(),
            versions.Select(version => version.From.Commit.ToString()).ToArray(),
            versions.Select(version => version.From.Ordinal).ToArray(),
            .. more,
            .. Enumerable
                .Range(0, table.Slots)
                .Select(slot => versions.Select(version => version.Links[slot]).ToArray()),
        ];
}
