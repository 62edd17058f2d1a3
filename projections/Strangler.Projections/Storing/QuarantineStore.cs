using System.Data;
using Strangler.ChangeLog;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Storing;

/// <summary>Keys for which f failed. Their documents are misses; this table holds the fault and the rows.</summary>
internal sealed class QuarantineStore(StoreSession session)
{
    /// <param name="at">The position at which f was run.</param>
    /// <param name="overrun">Whether f didn't return, so that the key isn't tried again in this version.</param>
    public async Task AddAsync(
        BoundProjection projection,
        IReadOnlyList<KeyOutcome.Failed> failed,
        Position at,
        DateTimeOffset now,
        bool overrun,
        CancellationToken cancellationToken
    )
    {
        if (failed.Count == 0)
            return;
        await session.ExecuteAsync(
            """
            insert into projections.quarantine (build, key, epoch, commit, at, overrun, error, rows)
            select $1, v.key, $2, $3, $4, $5, v.error, v.rows
            from unnest($6::text[], $7::text[], $8::text[]) as v (key, error, rows)
            on conflict (build, key) do update set
                epoch = excluded.epoch, commit = excluded.commit, at = excluded.at,
                overrun = excluded.overrun, error = excluded.error, rows = excluded.rows
            """,
            [
                projection.Build,
                at.Epoch,
                at.Commit.Sql(),
                now.ToUniversalTime(),
                overrun,
                failed.Select(one => one.Key).ToArray(),
                failed.Select(one => one.Error).ToArray(),
                failed.Select(one => one.Rows).ToArray(),
            ],
            cancellationToken
        );
        // A stale document must not become due: it is a miss until f answers again.
        await session.ExecuteAsync(
            "update projections.document set recompute_at = null where build = $1 and key = any($2) and "
                + "recompute_at is not null",
            [projection.Build, failed.Select(one => one.Key).ToArray()],
            cancellationToken
        );
        foreach (var one in failed)
            projection.Quarantined[one.Key] = overrun;
    }

    /// <summary>Removes keys for which f has answered.</summary>
    public async Task ReleaseAsync(
        BoundProjection projection,
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    )
    {
        var released = keys.Where(projection.Quarantined.ContainsKey).ToArray();
        if (released.Length == 0)
            return;
        await session.ExecuteAsync(
            "delete from projections.quarantine where build = $1 and key = any($2)",
            [projection.Build, released],
            cancellationToken
        );
        foreach (var key in released)
            projection.Quarantined.Remove(key);
    }

    public async Task LoadAsync(BoundProjection projection, CancellationToken cancellationToken)
    {
        projection.Quarantined.Clear();
        await foreach (
            var row in session.QueryAsync(
                "select key, overrun from projections.quarantine where build = $1",
                [projection.Build],
                cancellationToken
            )
        )
            projection.Quarantined[row.GetString("key")] = row.GetBoolean("overrun");
    }
}
