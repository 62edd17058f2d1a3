using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Stages;

/// <summary>
/// Follows the store: woken by its notifications, and twice a second in case one was lost. 1. Write routes that the
/// store doesn't have. 2. Update the table. 3. Write what this gateway has put back, and update the table again. If the
/// store is down, the table stays unchanged.
/// </summary>
internal sealed partial class StagePoll(
    NpgsqlDataSource data,
    StageStore store,
    StageTable table,
    GatewayModel model,
    CurrentRoutes routes,
    StoreSchema schema,
    TimeProvider time,
    ILogger<StagePoll> logger
) : BackgroundService
{
    /// <summary>Who changed a stage, if no person did.</summary>
    public const string Gateway = "gateway";

    /// <summary>Several gateways agree on a stage within a second, also where notifications don't arrive.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Raised after each round, with whether the store answered. One round at a time.</summary>
    public event Action<bool>? Refreshed;

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    /// <summary>Does one round. If the store doesn't answer, that is recorded, not thrown.</summary>
    /// <returns>Whether the store answered.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var isRead = await ReadAsync(cancellationToken);
            Refreshed?.Invoke(isRead);
            return isRead;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (
                table.Current.Trouble is not null
                && await StoreMigration.FaultAsync(data, schema, cancellationToken) is { } fault
            )
            {
                Keep($"{fault.Problem} {fault.WayOut}");
                return false;
            }
            var stages = await store.ReadAsync(cancellationToken);
            var missing = routes
                .All.Where(route => stages.All(stage => stage.Route != route.RouteId))
                .Select(route => (route.RouteId, route.Begin))
                .ToList();
            if (missing.Count > 0)
            {
                await store.AddAsync(missing, cancellationToken); // 1.
                stages = await store.ReadAsync(cancellationToken);
            }
            Take(stages); // 2.
            var told = false;
            foreach (var (putBack, stored) in table.Pending)
                told |= await store.TryPutBackAsync(putBack, stored, cancellationToken);
            if (told)
                Take(await store.ReadAsync(cancellationToken)); // 3.
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Keep(
                model.StoreConnection is { } store && DatabaseFault.Of(exception, StoreSection.Path, store) is { } known
                    ? $"{known.Problem} {known.WayOut}"
                    : exception.Message
            );
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                await RefreshAsync(stoppingToken); // reports what is wrong
            }
            await Task.Delay(RetryInterval, time, stoppingToken);
        }
    }

    /// <summary>Listens on its own connection until that breaks or the store doesn't answer.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {StageStore.Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        while (await RefreshAsync(cancellationToken))
            await connection.WaitAsync(Interval, cancellationToken);
    }

    private void Take(IReadOnlyList<RouteStage> stages)
    {
        var before = table.Current;
        var wentBack = table.Take(stages);
        if (before.Trouble is not null)
            StoreRead();
        foreach (var putBack in wentBack)
            StageWentBack(putBack.Route, putBack.Why);
        foreach (var stage in stages)
        {
            var name = stage.Stage.Text();
            if (
                before.Find(stage.Route)?.Version != stage.Version
                && wentBack.All(putBack => putBack.Route != stage.Route)
            )
                StageFound(stage.Route, name, stage.Version, stage.Who, stage.Why);
        }
    }

    private void Keep(string trouble)
    {
        var before = table.Current;
        table.Keep(trouble);
        if (before.Trouble == trouble)
            return;
        if (before.Routes.Count == 0)
            StoreNeverRead(trouble);
        else
            StoreLost(trouble);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The stages are read from the store.")]
    private partial void StoreRead();

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Route '{RouteId}' is in stage '{Stage}' (version {Version}), set by '{Who}': {Why}"
    )]
    private partial void StageFound(string routeId, string stage, int version, string who, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Route '{RouteId}' is put back to legacy: {Why}")]
    private partial void StageWentBack(string routeId, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stages cannot be read, so every route is answered by the call graph: {Trouble} It is tried "
            + "again each second."
    )]
    private partial void StoreNeverRead(string trouble);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stages cannot be read, so the last known stay: {Trouble} It is tried again each second."
    )]
    private partial void StoreLost(string trouble);
}
