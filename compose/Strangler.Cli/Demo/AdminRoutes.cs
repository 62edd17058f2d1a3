using System.Globalization;
using Strangler.Demo.Show;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Telemetry;

namespace Strangler.Cli.Demo;

/// <summary>The demo's view of the admin API, through the same client that the commands use.</summary>
internal sealed class AdminRoutes : IRoutes
{
    private const string Gate = "gate";
    private readonly AdminClient _client;

    /// <param name="http">A client whose base address is set to <paramref name="address"/>.</param>
    public AdminRoutes(HttpClient http, Uri address)
    {
        http.BaseAddress = address;
        _client = new(http);
    }

    public async Task<IReadOnlyList<RouteStatus>> ReadAsync(CancellationToken cancellationToken)
    {
        var routes = (await _client.RoutesAsync(cancellationToken)).Routes;
        var figures = (await _client.StatsAsync(cancellationToken)).Routes.ToDictionary(route => route.Route);
        var watermarks = (await _client.WatermarksAsync(cancellationToken)).Watermarks.ToDictionary(watermark =>
            watermark.Projection
        );
        return
        [
            .. routes
                .Where(route => route.Projection is not null)
                .Select(route =>
                    Reading(figures[route.Route], watermarks.GetValueOrDefault(route.Projection!)?.LagSeconds)
                ),
        ];
    }

    public async Task<IReadOnlyList<Fault>> PromoteAsync(
        string route,
        string stage,
        string why,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await _client.ChangeStageAsync(route, stage, "demo", why, cancellationToken);
            return [];
        }
        catch (FaultException exception)
            when (exception.Faults.All(fault =>
                    fault.Path == Gate || fault.Path.StartsWith(Gate + ":", StringComparison.Ordinal)
                )
            )
        {
            return exception.Faults;
        }
    }

    public async Task<RouteTrip?> TripAsync(string route, CancellationToken cancellationToken)
    {
        if ((await _client.HistoryAsync(route, cancellationToken)).Changes is not [{ Guard: not null } change, ..])
            return null;
        var report = await _client.ReportAsync(route, cancellationToken);
        var cause = report.Routes.Select(one => one.Undeclared).FirstOrDefault(undeclared => undeclared is not null);
        return new(change.To, change.Why, cause is null ? null : CauseOf(cause));
    }

    private static string CauseOf(UndeclaredReport undeclared) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Legacy changed without any declared row changing since {undeclared.MatchedAt:HH:mm:ss}Z: "
                + $"key {undeclared.Key} was the first that was wrong, at {undeclared.WrongAt:HH:mm:ss}Z."
        );

    public async Task<IReadOnlyList<DifferenceCount>> DifferencesAsync(
        string route,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await _client.ReportAsync(route, cancellationToken))
                .Routes.SelectMany(report => report.Differences)
                .Select(line => new DifferenceCount(line.Path, line.Kind, line.Count)),
        ];

    private static RouteStatus Reading(RouteStatsReport figures, double? lagSeconds) =>
        new(
            figures.Route,
            figures.Stage,
            Side(figures.Legacy),
            Side(figures.Lookup),
            lagSeconds is { } lag ? TimeSpan.FromSeconds(lag) : null,
            Shadow(figures.Shadow)
        );

    private static ShadowStatus Shadow(ShadowFigures figures)
    {
        var verdicts = new VerdictCounts(
            Count("match"),
            figures.Quiet,
            figures.WithCommits,
            Count("wrong"),
            Count("torn"),
            Count("incomparable"),
            Count("undetermined")
        );
        return new(verdicts, figures.Doubts, figures.Dropped, Side(figures.Lookup), Side(figures.Late));

        long Count(string verdict) => figures.Verdicts.GetValueOrDefault(verdict);
    }

    private static SideStatus Side(SideFigures side) =>
        new(side.Count, side.PerSecond, side.RecentP50, side.RecentP99, side.P50, side.P99);
}
