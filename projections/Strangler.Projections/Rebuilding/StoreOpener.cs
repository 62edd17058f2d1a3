using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Rebuilding;

/// <summary>
/// Makes the store fit the current declarations. 1. Takes over the checkpoint, which fences the previous holder. 2. If
/// tables or columns are declared that the mirror doesn't have, throws the mirror away, to be read from the log again
/// if the log still holds a snapshot. 3. Marks builds of another version as old; creates tables and link columns. One
/// transaction. 4. Recomputes the links of projections without a build for the whole mirror, in chunks. If interrupted,
/// this is repeated, since the projection still has no build. 5. Registers new builds, with all their keys dirty. One
/// transaction.
/// </summary>
internal sealed class StoreOpener(
    NpgsqlDataSource store,
    IChangeLog log,
    string source,
    IReadOnlyList<ProjectionModel> models,
    TableFit fit,
    TimeProvider time
)
{
    public async Task<OpenedStore> OpenAsync(CancellationToken cancellationToken)
    {
        var checkpoint = await TakeAsync(cancellationToken); // 1
        IReadOnlyList<MirrorTable> tables;
        Dictionary<(int, string, int), int> slots;
        Dictionary<string, int> kept;
        await using (var session = await StoreSession.BeginAsync(store, cancellationToken))
        {
            await checkpoint.HoldAsync(session, cancellationToken);
            var mirror = new MirrorTables(session, source);
            checkpoint = await FitAsync(session, mirror, checkpoint, cancellationToken); // 2
            kept = await new BuildStore(session, source).KeepAsync(models, cancellationToken); // 3
            (tables, slots) = await mirror.LinkAsync(models, cancellationToken);
            await fit.LoadAsync(session, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        var projections = models.Select(model => Bind(model, tables, slots)).ToList();
        foreach (var projection in projections)
        {
            projection.Problem = projection.Tables.Select(fit.Problem).FirstOrDefault(problem => problem is not null);
            // Once a snapshot has been applied, a table that it didn't describe isn't captured: its mirror is empty,
            // whatever the table holds.
            if (checkpoint.At is not null)
                projection.Problem ??= fit.Unknown(projection);
        }
        var fresh = projections.Where(projection => !kept.ContainsKey(projection.Model.Id.Name)).ToHashSet();
        var links = new LinkRebuilder(store, checkpoint, fresh);
        foreach (var table in tables)
            await links.RunAsync(table, cancellationToken); // 4
        await using (var session = await StoreSession.BeginAsync(store, cancellationToken))
        {
            await checkpoint.HoldAsync(session, cancellationToken);
            var builds = new BuildStore(session, source);
            foreach (var projection in projections) // 5
            {
                if (!kept.TryGetValue(projection.Model.Id.Name, out var build))
                    await builds.BeginAsync(projection, checkpoint, time.GetUtcNow(), cancellationToken);
                else
                {
                    projection.Build = build;
                    if (projection.Problem is { } problem)
                        await ProjectionStop.RecordAsync(session, projection, problem, cancellationToken);
                }
                await new QuarantineStore(session).LoadAsync(projection, cancellationToken);
                projection.MayBeDirty = await new DirtyStore(session).AnyAsync(projection.Build, cancellationToken);
            }
            await session.CommitAsync(cancellationToken);
        }
        return new OpenedStore(checkpoint, tables, projections);
    }

    private async Task<Checkpoint> TakeAsync(CancellationToken cancellationToken)
    {
        await using var session = await StoreSession.BeginAsync(store, cancellationToken);
        var checkpoint = await Checkpoint.TakeAsync(session, source, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return checkpoint;
    }

    private async Task<Checkpoint> FitAsync(
        StoreSession session,
        MirrorTables mirror,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    )
    {
        if (
            TopicName.Shared(
                source,
                models.SelectMany(model => model.Tables).Select(table => (table.Schema, table.Name))
            )
            is [_, ..] shared
        )
            throw new FaultException([.. shared.Select(SourceFit.SharedTopic)]);
        var declared = models
            .SelectMany(model => model.Tables)
            .GroupBy(table => (table.Schema, table.Name))
            .ToDictionary(
                table => table.Key,
                table =>
                    (IReadOnlyList<string>)
                        [
                            .. table
                                .SelectMany(one => one.Columns)
                                .Select(column => column.Name)
                                .Distinct()
                                .Order(StringComparer.Ordinal),
                        ]
            );
        var stored = await mirror.StoredAsync(cancellationToken);
        var missing = declared
            .Where(table =>
                stored.FirstOrDefault(one => (one.Schema, one.Name) == table.Key) is var one
                && (one.Columns is null || table.Value.Except(one.Columns).Any())
            )
            .ToList();
        if (missing.Count > 0 && checkpoint.At is not null)
        {
            if (await log.ExtentAsync(source, cancellationToken) is not { HoldsSnapshot: true })
            {
                throw new FaultException(
                    missing.ConvertAll(table => new Fault(
                        $"Source '{source}'",
                        $"The projections now read columns of {table.Key.Schema}.{table.Key.Name} that the mirror "
                            + "does not have, and the change log no longer holds a snapshot to read them from.",
                        $"{LogStart.NewSnapshot} Or use the projections that were used before."
                    ))
                );
            }
            checkpoint = await checkpoint.MoveAsync(session, Position.Start, null, null, cancellationToken);
            await session.ExecuteAsync(
                "update projections.checkpoint set kept_epoch = null, kept_commit = null where source = $1",
                [source],
                cancellationToken
            );
            await session.ExecuteAsync(
                "update projections.build set state = 'old' where source = $1",
                [source],
                cancellationToken
            );
            foreach (var table in stored)
                await mirror.DropAsync(table.Id, cancellationToken);
            stored = [];
        }
        foreach (var table in stored)
        {
            if (
                !declared.TryGetValue((table.Schema, table.Name), out var columns)
                || columns.Except(table.Columns).Any()
            )
                await mirror.DropAsync(table.Id, cancellationToken);
        }
        var left = (await mirror.StoredAsync(cancellationToken))
            .Select(table => (table.Schema, table.Name))
            .ToHashSet();
        foreach (var (name, columns) in declared)
        {
            if (!left.Contains(name))
                await mirror.CreateAsync(name.Schema, name.Name, columns, cancellationToken);
        }
        return checkpoint;
    }

    private static BoundProjection Bind(
        ProjectionModel model,
        IReadOnlyList<MirrorTable> tables,
        Dictionary<(int, string, int), int> slots
    )
    {
        var projection = new BoundProjection(model);
        projection.Bind(
            table => tables.Single(one => one.Schema == table.Schema && one.Name == table.Name),
            (table, ordinal) => slots[(table.Id, model.Id.Name, ordinal)]
        );
        return projection;
    }
}
