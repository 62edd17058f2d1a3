using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Storing;

/// <summary>
/// The durable queue of keys that are known to be stale. It coalesces: it holds a key once, with the last commit that
/// mapped to it.
/// </summary>
internal sealed class DirtyStore(StoreSession session)
{
    private const string Coalesce = """
        on conflict (build, key) do update set
            touched_epoch = excluded.touched_epoch, touched_commit = excluded.touched_commit
        where (d.touched_epoch, d.touched_commit) < (excluded.touched_epoch, excluded.touched_commit)
        """;

    public Task AddAsync(
        int build,
        IReadOnlyList<KeyValuePair<string, Position>> keys,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            $"""
            insert into projections.dirty as d (build, key, touched_epoch, touched_commit)
            select $1, v.* from unnest($2::text[], $3::int[], $4::text[]::pg_lsn[]) as v order by 2
            {Coalesce}
            """,
            [
                build,
                keys.Select(key => key.Key).ToArray(),
                keys.Select(key => key.Value.Epoch).ToArray(),
                keys.Select(key => key.Value.Commit.ToString()).ToArray(),
            ],
            cancellationToken
        );

    /// <summary>Adds every key that a row of a <c>Key</c> table names now.</summary>
    public async Task<int> AddAllAsync(
        BoundProjection projection,
        Position touched,
        CancellationToken cancellationToken
    )
    {
        var links = projection.Tables.SelectMany(use =>
            use.Model.Hops.OfType<Hop.FromKey>()
                .Select(hop =>
                    $"select l{use.Slot(hop.To)} as key from {use.Mirror.Current} where row is not null and "
                    + $"l{use.Slot(hop.To)} is not null"
                )
        );
        return await session.ExecuteAsync(
            $"""
            insert into projections.dirty as d (build, key, touched_epoch, touched_commit)
            select $1, key, $2, $3 from (select distinct key from ({string.Join(
                " union all ",
                links
            )}) as links) as keys order by key
            {Coalesce}
            """,
            [projection.Build, touched.Epoch, touched.Commit.Sql()],
            cancellationToken
        );
    }

    /// <summary>The next keys of a build, locked for this transaction.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, Position>>> NextAsync(
        int build,
        int count,
        CancellationToken cancellationToken
    )
    {
        var keys = new List<KeyValuePair<string, Position>>();
        TouchedKeyColumns? columns = null;
        await foreach (
            var row in session.QueryAsync(
                """
                select key, touched_epoch, touched_commit
                from projections.dirty
                where build = $1
                order by key
                limit $2
                for update skip locked
                """,
                [build, count],
                cancellationToken
            )
        )
            keys.Add((columns ??= TouchedKeyColumns.Of(row)).Read(row));
        return keys;
    }

    /// <summary>The commits that queued the keys, without keys that aren't in the queue.</summary>
    public async Task<IReadOnlyDictionary<string, Position>> TouchedAsync(
        int build,
        string[] keys,
        CancellationToken cancellationToken
    )
    {
        var touched = new Dictionary<string, Position>(StringComparer.Ordinal);
        TouchedKeyColumns? columns = null;
        await foreach (
            var row in session.QueryAsync(
                "select key, touched_epoch, touched_commit from projections.dirty where build = $1 and key = any($2)",
                [build, keys],
                cancellationToken
            )
        )
        {
            var (key, commit) = (columns ??= TouchedKeyColumns.Of(row)).Read(row);
            touched.Add(key, commit);
        }
        return touched;
    }

    public Task RemoveAsync(int build, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "delete from projections.dirty where build = $1 and key = any($2)",
            [build, keys.ToArray()],
            cancellationToken
        );

    public Task<bool> AnyAsync(int build, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>(
            "select exists (select from projections.dirty where build = $1)",
            [build],
            cancellationToken
        );
}
