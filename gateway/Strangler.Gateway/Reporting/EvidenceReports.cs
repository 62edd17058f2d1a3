using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Reporting;

/// <summary>Reads the evidence of routes, including what this gateway hasn't written yet.</summary>
internal sealed class EvidenceReports(
    EvidenceQuery query,
    EvidenceWriter writer,
    IAnswers answers,
    BoundedAnswers bounded,
    WatermarkAges ages,
    EvidenceLimits limits,
    StageTable stages,
    BuildWatch builds,
    TimeProvider time
)
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    /// <summary>The current scope of a route's evidence. Null if no projection answers it.</summary>
    public static EvidenceScope? ScopeOf(GatewayRoute route) =>
        route.Model.Lookup is { } lookup
            ? new EvidenceScope(
                route.Model.RouteId,
                lookup.Responder.Projection.Name,
                lookup.Responder.Projection.Version,
                route.Model.Compare.Hash
            )
            : null;

    /// <summary>The report of the given routes; those without a projection are left out.</summary>
    public async Task<ReportFile> ReadAsync(IEnumerable<GatewayRoute> routes, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var now = time.GetUtcNow();
        var reports = new List<EvidenceReport>();
        foreach (var route in routes)
        {
            if (ScopeOf(route) is not { } scope)
                continue;
            var found = await query.ReadAsync(scope, cancellationToken);
            var moment = await MomentAsync(route, cancellationToken);
            var keys = await KeysAsync(route, cancellationToken);
            var model = route.Model;
            var report = ReportBuilder.Of(model.RouteId, model.Path, moment, found, model.Gate, limits, keys, now);
            reports.Add(
                report with
                {
                    ProjectionTroubles = builds.TroublesOf(scope.Projection),
                    Guard = route.Stats.Guard,
                    Fallback = FallbackOf(route),
                    Freshness = FreshnessOf(route),
                }
            );
        }
        return new ReportFile(ReportFile.CurrentFormat, now, writer.Lost, reports);
    }

    private static FreshnessReport? FreshnessOf(GatewayRoute route)
    {
        if (route.Model.Lookup is not { Freshness.Mode: not FreshnessMode.Bounded and var mode })
            return null;
        var (waits, held) = (route.Stats.Freshness.Read(), route.Stats.Held.Read());
        return new FreshnessReport(
            EnumText.Of(mode),
            waits.Count,
            waits.P50,
            waits.P99,
            held.Count,
            held.P50,
            held.P99
        );
    }

    private static FallbackReport FallbackOf(GatewayRoute route)
    {
        var refused = route.Stats.RefusedBy();
        return new FallbackReport(
            refused.Values.Sum(),
            [
                .. refused.Select(pair => new ReasonCount(
                    EnumText.Of(pair.Key),
                    pair.Value,
                    ReasonDescriptions.OfFallback(pair.Key)
                )),
            ],
            route.Fallback.IsCircuitOpen
        )
        {
            AskLegacy =
            [
                .. route
                    .Stats.AskLegacy.Read()
                    .Select(pair => new ReasonCount(pair.Key, pair.Value, ReasonDescriptions.OfAskLegacy)),
            ],
        };
    }

    /// <summary>
    /// The number of keys of the route's projection. Null if it isn't known, because the projection isn't built or
    /// counting takes too long.
    /// </summary>
    private async Task<long?> KeysAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (route.Model.Lookup is not { } lookup)
            return null;
        try
        {
            return await answers.KeysAsync(lookup.Responder.Projection, cancellationToken);
        }
        catch (AnswersUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The evidence of a route as its gate needs it. Null if no projection answers it.</summary>
    public async Task<EvidenceSummary?> SummaryAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (ScopeOf(route) is not { } scope)
            return null;
        await FlushAsync(cancellationToken);
        var moment = await MomentAsync(route, cancellationToken);
        return EvidenceAggregator.Of(await query.ReadAsync(scope, cancellationToken), moment, time.GetUtcNow());
    }

    /// <summary>A store that doesn't answer leaves the age of the documents unknown.</summary>
    private async Task<RouteMoment> MomentAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        TimeSpan? lag = null;
        try
        {
            if (
                route.Model.Lookup is { } lookup
                && await bounded.WatermarkAsync(lookup.Responder.Projection.Name, cancellationToken) is { } watermark
                && ages.Of(watermark) is WatermarkAge.Known(var age)
            )
                lag = age;
        }
        catch (AnswersUnavailableException) { }
        return new RouteMoment(route.StageIn(stages), stages.Current.Find(route.Model.RouteId)?.ChangedAt, lag);
    }

    /// <summary>An example and its route's id. Null if no example with this id exists, or no longer.</summary>
    public async Task<(ExampleReport Example, string Route)?> ExampleAsync(
        string id,
        CancellationToken cancellationToken
    )
    {
        await FlushAsync(cancellationToken);
        return await query.ExampleAsync(id, cancellationToken);
    }

    /// <summary>
    /// Writes the evidence within a limit. A slow store makes a report slightly older, but doesn't delay it.
    /// </summary>
    /// <returns>Whether the store has everything that this gateway has found.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(FlushLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await writer.FlushAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
