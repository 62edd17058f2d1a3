using Npgsql;
using NpgsqlTypes;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// Finds the first transaction that a snapshot of the source doesn't see. The search is by id: a segment whose greatest
/// id is below all unseen ids is skipped, and in the others an index leads to the unseen ones, which are as many as the
/// transactions since the snapshot. Commit order alone isn't enough: an id at or above xmax may have committed before
/// the snapshot's floor without being visible to anyone yet.
/// </summary>
internal sealed class FirstUnseenQuery(NpgsqlDataSource store)
{
    private const string Segments = """
        select s.begin_epoch, s.begin_commit, s.begin_ordinal, g.segment
        from log.source s
        left join log.segment g on g.source = s.id and g.epoch = $2 and g.newest_xid >= $3
        where s.name = $1
        """;

    // Each branch is a subquery that the planner can't flatten (offset 0). Otherwise it could search for the first
    // commit in commit order, from the start of the segment.
    private const string FirstFromXmax = """
        select min("commit") as first from (
            select "commit"
            from log.transaction
            where segment = $1 and xid >= $2 and epoch = $3 and "commit" < $4
            offset 0
        ) unseen
        """;

    // With an array, the statement is planned each time.
    private const string First = """
        select min("commit") as first from (
            (
                select "commit"
                from log.transaction
                where segment = $1 and xid >= $2 and epoch = $3 and "commit" < $4
                offset 0
            )
            union all
            (
                select "commit"
                from log.transaction
                where segment = $1 and xid = any($5) and epoch = $3 and "commit" < $4
                offset 0
            )
        ) unseen
        """;

    public async Task<LogRead<Position?>> FirstAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var segments = new List<long>();
        await using (var command = new NpgsqlCommand(Segments, connection))
        {
            command.Parameters.With(source).With(floor.Epoch).With(running.Append(xmax).Min(), NpgsqlDbType.Xid8);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            var (beginning, number) = (PositionColumns.Of(row, "begin_"), row.GetOrdinal("segment"));
            while (await row.ReadAsync(cancellationToken))
            {
                var begin = beginning.Read(row);
                if (begin >= floor)
                    return LogFault.Dropped(source, floor, begin);
                if (row.ValueOrNull<long>(number) is { } segment)
                    segments.Add(segment);
            }
        }
        Lsn? first = null;
        foreach (var segment in segments)
        {
            if (
                await FirstAsync(
                    connection,
                    segment,
                    xmax,
                    running,
                    (floor.Epoch, first ?? until.Commit),
                    cancellationToken
                ) is
                { } found
            )
                first = found;
        }
        return new LogRead<Position?>.Found(first is { } commit ? new Position(floor.Epoch, commit, 0) : null);
    }

    private static async Task<Lsn?> FirstAsync(
        NpgsqlConnection connection,
        long segment,
        ulong xmax,
        IReadOnlyList<ulong> running,
        (int Epoch, Lsn Commit) until,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(running.Count == 0 ? FirstFromXmax : First, connection);
        command
            .Parameters.With(segment)
            .With(xmax, NpgsqlDbType.Xid8)
            .With(until.Epoch)
            .With(Parameters.Number(until.Commit), NpgsqlDbType.PgLsn);
        if (running.Count > 0)
            command.Parameters.WithArray(running.ToArray(), "xid8");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.LsnOrNull("first") : null;
    }
}
