using Dapper;
using Npgsql;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;

namespace Strangler.Gateway.Stages;

/// <summary>
/// The stages in the store, and their history. A change names the version on which it was decided, so only one of two
/// concurrent changes succeeds.
/// </summary>
internal sealed class StageStore(NpgsqlDataSource store)
{
    /// <summary>The channel on which every change is notified.</summary>
    public const string Channel = "strangler_stage";

    private const string ReadAll =
        "select route, stage, version, changed_at as ChangedAt, who, why, guard, frozen from gateway.route";

    private const string Add = """
        with added as (
            insert into gateway.route (route, stage, version, changed_at, who, why)
            select route, stage, 1, clock_timestamp(), 'configuration',
                'The route was new: its configuration says where it begins.'
            from unnest(@Routes, @Stages) as given (route, stage)
            on conflict (route) do nothing
            returning *
        ), kept as (
            insert into gateway.stage_change (route, version, stage_from, stage_to, changed_at, who, why)
            select route, version, null, stage, changed_at, who, why from added
            returning route
        )
        select count(pg_notify('strangler_stage', route)) from kept
        """;

    private const string Change = """
        with moved as (
            update gateway.route as now set
                stage = @Stage, version = greatest(now.version, @Floor) + 1, changed_at = clock_timestamp(),
                who = @Who, why = @Why, guard = @Guard, frozen = @IsFrozen
            from gateway.route as before
            where before.route = now.route and now.route = @Route and now.version = @Version
            returning now.route, now.version, before.stage as stage_from, now.stage, now.changed_at, now.who, now.why,
                now.guard, now.frozen
        ), kept as (
            insert into gateway.stage_change
                (route, version, stage_from, stage_to, changed_at, who, why, guard, frozen, forced, evidence)
            select moved.*, @Forced, @Evidence::json from moved
            returning route
        )
        select count(pg_notify('strangler_stage', route)) from kept
        """;

    private const string ReadHistory = """
        select route, version, stage_from as StageFrom, stage_to as StageTo, changed_at as ChangedAt,
            who, why, forced, evidence::text as Evidence, guard, frozen
        from gateway.stage_change
        where route = @route
        order by version desc
        limit @limit
        """;

    private const string ReadTrips = """
        select guard as Rule, clock_timestamp() - changed_at as Ago
        from gateway.stage_change
        where route = @route and guard is not null
        order by version desc
        limit @limit
        """;

    public async Task<IReadOnlyList<RouteStage>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<StageRow>(
            new CommandDefinition(ReadAll, cancellationToken: cancellationToken)
        );
        return
        [
            .. rows.Select(row => new RouteStage(
                row.Route,
                Parse(row.Stage),
                row.Version,
                Utc(row.ChangedAt),
                row.Who,
                row.Why
            )
            {
                Guard = row.Guard,
                IsFrozen = row.Frozen,
            }),
        ];
    }

    /// <summary>
    /// Writes the routes that the store doesn't know, in the stage in which they begin. Known routes stay unchanged.
    /// </summary>
    public async Task AddAsync(IReadOnlyList<(string Route, Stage Begin)> routes, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var values = new
        {
            Routes = routes.Select(route => route.Route).ToArray(),
            Stages = routes.Select(route => route.Begin.Text()).ToArray(),
        };
        await connection.ExecuteAsync(new CommandDefinition(Add, values, cancellationToken: cancellationToken));
    }

    /// <summary>Changes a route's stage if it still has <paramref name="version"/>.</summary>
    /// <returns>False if somebody else changed it first, or it doesn't exist; nothing has changed then.</returns>
    public Task<bool> TryChangeAsync(
        string route,
        int version,
        Stage stage,
        string who,
        string why,
        CancellationToken cancellationToken
    ) => TryChangeAsync(new StageWrite(route, version, stage, who, why), cancellationToken);

    /// <summary>
    /// Puts a route back if the store still holds <paramref name="stored"/>. The new version is above every one that
    /// was in force, also where the store has gone back to an older one.
    /// </summary>
    /// <returns>False if somebody else changed it first.</returns>
    public Task<bool> TryPutBackAsync(
        StageTable.PutBack putBack,
        RouteStage stored,
        CancellationToken cancellationToken
    ) =>
        TryChangeAsync(
            new StageWrite(putBack.Route, stored.Version, putBack.To, putBack.Who, putBack.Why)
            {
                Floor = putBack.Version,
                Evidence = putBack.Evidence,
                Guard = putBack.Guard,
                IsFrozen = putBack.IsFrozen || stored.IsFrozen,
            },
            cancellationToken
        );

    /// <summary>Makes a change if the route still has its version.</summary>
    /// <returns>As above.</returns>
    public async Task<bool> TryChangeAsync(StageWrite write, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var values = new
        {
            write.Route,
            write.Version,
            write.Floor,
            Stage = write.Stage.Text(),
            write.Who,
            write.Why,
            write.Guard,
            write.IsFrozen,
            write.Forced,
            write.Evidence,
        };
        return await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(Change, values, cancellationToken: cancellationToken)
            ) == 1;
    }

    /// <summary>The newest trips of a route's guard, newest first.</summary>
    public async Task<IReadOnlyList<GuardTrip>> TripsAsync(string route, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var values = new { route, limit = CoolDown.MaxTrips };
        return
        [
            .. await connection.QueryAsync<GuardTrip>(
                new CommandDefinition(ReadTrips, values, cancellationToken: cancellationToken)
            ),
        ];
    }

    /// <summary>The newest changes of a route, newest first.</summary>
    public async Task<IReadOnlyList<RouteStageChange>> HistoryAsync(
        string route,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ChangeRow>(
            new CommandDefinition(ReadHistory, new { route, limit }, cancellationToken: cancellationToken)
        );
        return
        [
            .. rows.Select(row => new RouteStageChange(
                row.Route,
                row.Version,
                row.StageFrom is null ? null : Parse(row.StageFrom),
                Parse(row.StageTo),
                Utc(row.ChangedAt),
                row.Who,
                row.Why,
                row.Forced,
                row.Evidence
            )
            {
                Guard = row.Guard,
                IsFrozen = row.Frozen,
            }),
        ];
    }

    private static Stage Parse(string text) =>
        StageText.TryParse(text, out var stage)
            ? stage
            : throw new InvalidOperationException(
                $"The store holds '{text}', which is not a stage of this program, against its own constraint."
            );

    private static DateTimeOffset Utc(DateTime time) => new(time, TimeSpan.Zero);

    private sealed record StageRow(
        string Route,
        string Stage,
        int Version,
        DateTime ChangedAt,
        string Who,
        string Why,
        string? Guard,
        bool Frozen
    );

    private sealed record ChangeRow(
        string Route,
        int Version,
        string? StageFrom,
        string StageTo,
        DateTime ChangedAt,
        string Who,
        string Why,
        bool Forced,
        string? Evidence,
        string? Guard,
        bool Frozen
    );
}
