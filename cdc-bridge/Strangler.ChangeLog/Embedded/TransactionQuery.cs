using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog.Embedded;

/// <summary>Reads the source's transactions that commit within a range, in order.</summary>
internal sealed class TransactionQuery(NpgsqlDataSource store)
{
    // The segments of a source are one range of numbers, in the order of positions, so no other segment is read and
    // nothing is sorted.
    private const string Range = """
        select t."commit", t.xid, t.committed_at, t.records, t.digest, t.previous
        from log.transaction t
        where t.segment >= coalesce(
                (
                    select g.segment
                    from log.segment g
                    join log.source s on s.id = g.source
                    where s.name = $1 and (g.start_epoch, g.start_commit) < ($2, $3)
                    order by g.segment desc
                    limit 1
                ),
                (select min(g.segment) from log.segment g join log.source s on s.id = g.source where s.name = $1)
            )
            and t.segment <= (
                select max(g.segment) from log.segment g join log.source s on s.id = g.source where s.name = $1
            )
            and t.epoch = $2 and t."commit" >= $3 and t."commit" <= $4 and t.xid <> '0'
        order by t.segment, t.epoch, t."commit"
        limit $5
        """;

    public async Task<IReadOnlyList<LogTransaction>> ReadAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = store.CreateCommand(Range);
        command
            .Parameters.With(source)
            .With(from.Epoch)
            .With(Parameters.Number(from.Commit), NpgsqlDbType.PgLsn)
            .With(Parameters.Number(through.Commit), NpgsqlDbType.PgLsn)
            .With(limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var columns = TransactionColumns.Of(row);
        var transactions = new List<LogTransaction>();
        while (await row.ReadAsync(cancellationToken))
            transactions.Add(columns.Read(row));
        return transactions;
    }
}
