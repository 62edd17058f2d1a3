using System.Data;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Rebuilding;

/// <summary>Builds of projections: which one is served, and how a new one begins.</summary>
internal sealed class BuildStore(StoreSession session, string source)
{
    private const int Chunk = 5_000;

    /// <summary>
    /// The builds that continue, by projection: live, and made by the loaded version. All others become old, so that
    /// nothing serves them while the tables under them change.
    /// </summary>
    public async Task<Dictionary<string, int>> KeepAsync(
        IReadOnlyList<ProjectionModel> models,
        CancellationToken cancellationToken
    )
    {
        var kept = new Dictionary<string, int>();
        await foreach (
            var row in session.QueryAsync(
                "select id, projection, version from projections.build where source = $1 and state = 'live'",
                [source],
                cancellationToken
            )
        )
        {
            var build = new ProjectionId(row.GetString("projection"), row.GetString("version"));
            if (models.Any(model => model.Id == build))
                kept.Add(build.Name, row.GetInt32("id"));
        }
        await session.ExecuteAsync(
            "update projections.build set state = 'old' where source = $1 and state <> 'old' and id <> all($2)",
            [source, kept.Values.ToArray()],
            cancellationToken
        );
        foreach (var model in models) // for builds that an earlier program began without recording it
        {
            if (model.Code is not { } code || !kept.TryGetValue(model.Id.Name, out var build))
                continue;
            await session.ExecuteAsync(
                "update projections.build set code = $2, cultures = $3 where id = $1 and code is null",
                [build, code.Hash, code.Cultures],
                cancellationToken
            );
        }
        return kept;
    }

    /// <summary>
    /// Registers a new build with all its keys dirty, or a stopped build if the projection can't take part.
    /// </summary>
    public async Task BeginAsync(
        BoundProjection projection,
        Checkpoint checkpoint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (id, code) = (projection.Model.Id, projection.Model.Code);
        projection.Build = await session.ScalarAsync<int>(
            """
            insert into projections.build (source, projection, version, state, problem, made_at, code, cultures)
            values ($1, $2, $3, $4, $5::text, $6, $7::text, $8::text) returning id
            """,
            [
                source,
                id.Name,
                id.Version,
                projection.Live ? "live" : "stopped",
                projection.Problem,
                now.ToUniversalTime(),
                code?.Hash,
                code?.Cultures,
            ],
            cancellationToken
        );
        await session.ExecuteAsync(
            "insert into projections.reads (build, source_table) select $1, unnest($2::int[])",
            [projection.Build, projection.Tables.Select(use => use.Mirror.Id).ToArray()],
            cancellationToken
        );
        // Keys that overran aren't tried again in the same version, in any build.
        await session.ExecuteAsync(
            """
            insert into projections.quarantine (build, key, epoch, commit, at, error, rows, overrun)
            select distinct on (q.key) $1, q.key, q.epoch, q.commit, q.at, q.error, q.rows, true
            from projections.quarantine q
            join projections.build b on b.id = q.build
            where b.source = $2 and b.projection = $3 and b.version = $4 and q.overrun and q.build <> $1
            order by q.key, q.build desc
            """,
            [projection.Build, source, id.Name, id.Version],
            cancellationToken
        );
        if (projection.Live && checkpoint.At is not null)
            await new DirtyStore(session).AddAllAsync(projection, checkpoint.Position, cancellationToken);
    }

    /// <summary>Deletes a chunk of old builds' records. Returns whether there were any.</summary>
    public async Task<bool> CleanAsync(CancellationToken cancellationToken)
    {
        if (
            await session.ScalarAsync<int?>(
                "select min(id) from projections.build where source = $1 and state = 'old'",
                [source],
                cancellationToken
            )
            is not { } build
        )
            return false;
        foreach (var table in new[] { "document", "dirty", "quarantine" })
        {
            if (
                await session.ExecuteAsync(
                    $"delete from projections.{table} where build = $1 and key in (select key from "
                        + $"projections.{table} where build = $1 limit {Chunk})",
                    [build],
                    cancellationToken
                ) > 0
            )
                return true;
        }
        await session.ExecuteAsync("delete from projections.reads where build = $1", [build], cancellationToken);
        await session.ExecuteAsync("delete from projections.build where id = $1", [build], cancellationToken);
        return true;
    }
}
