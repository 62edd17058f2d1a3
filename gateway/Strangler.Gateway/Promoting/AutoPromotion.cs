using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Logging;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Promoting;

/// <summary>
/// Takes routes with <c>Promote: auto</c> forward. For each: 1. <see cref="AutoRule"/> says which stage is next. 2. A
/// look at the gate, which is cheap. 3. If it is open, <see cref="StageChanger"/> makes the change as for a person: it
/// waits for comparisons that are under way, and asks the gate again. Of several gateways, one succeeds.
/// </summary>
internal sealed partial class AutoPromotion(
    GatewayRoutes routes,
    StageTable stages,
    StageStore store,
    BuildWatch builds,
    EvidenceReports reports,
    StageChanger changer,
    TimeProvider time,
    ILogger<AutoPromotion> logger
) : BackgroundService
{
    /// <summary>Who changed a stage, if the route promoted itself.</summary>
    public const string Who = "auto";

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly RepeatedLine _said = new(isRarer: true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await StepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // the next tick tries again; until then the routes stay where they are
                if (_said.Take(time.GetUtcNow()).IsWritten)
                    NotDecided(exception.Message);
            }
        }
    }

    /// <summary>Looks at each route once.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        foreach (var route in routes.All)
            await StepAsync(route, cancellationToken);
    }

    private async Task StepAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        var (model, current) = (route.Model, stages.Current);
        if (
            current.Trouble is not null
            || current.Find(model.RouteId) is not { } stored
            || stages.WhyPutBack(model.RouteId) is not null
            || stages.FindPutBack(model.RouteId) is not null
            || builds.TroublesOf(model.Lookup?.Responder.Projection.Name).Count > 0
            || AutoRule.Next(model.Promote, stored, await NewestAsync()) is not { } next // 1.
        )
            return;
        if (next.Traits().IsGated)
        {
            var evidence = await reports.SummaryAsync(route, cancellationToken);
            if (evidence is null || Gate.Decide(model.Gate, evidence, stored.Stage, next) is not GateDecision.Open)
                return; // 2.
        }
        var wanted = new WantedStage(next, Who, Why(next), Version: stored.Version);
        await changer.ChangeAsync(route, wanted, cancellationToken); // 3.

        // not read for a route that isn't promoted so, or has arrived
        async Task<RouteStageChange?> NewestAsync() =>
            AutoRule.IsCandidate(model.Promote, stored.Stage)
            && await store.HistoryAsync(model.RouteId, 1, cancellationToken) is [var newest]
                ? newest
                : null;
    }

    private static string Why(Stage next) =>
        next.Traits().IsGated
            ? "The gate is open, and the route promotes itself."
            : "The projection is built, and the route promotes itself.";

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Whether a route promotes itself could not be decided: {Reason} It is tried again every five seconds."
    )]
    private partial void NotDecided(string reason);
}
