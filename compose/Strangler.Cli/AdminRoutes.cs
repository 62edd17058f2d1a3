using Strangler.Demo.Show;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Telemetry;

namespace Strangler.Cli;

/// <summary>The demo's view of the admin API, by the same client as the commands have.</summary>
internal sealed class AdminRoutes : IRoutes
{
    private readonly AdminClient _client;

    /// <param name="http">Whose base address becomes <paramref name="address"/>.</param>
    public AdminRoutes(HttpClient http, Uri address)
    {
        http.BaseAddress = address;
        _client = new(http);
    }

    public async Task<RouteReading> ReadAsync(string route, CancellationToken cancellationToken)
    {
        var projection = (await _client.RouteAsync(route, cancellationToken)).Projection;
        var figures = (await _client.StatsAsync(cancellationToken)).Routes.FirstOrDefault(one => one.Route == route) ?? throw new FaultException(new Fault(route, "The gateway has no figures of it.", "Look at 'strangler routes'."));
        var watermark = (await _client.WatermarksAsync(cancellationToken)).Watermarks.FirstOrDefault(one => one.Projection == projection);
        return new(figures.Stage, Side(figures.Legacy), Side(figures.Lookup), watermark?.LagSeconds is { } lag ? TimeSpan.FromSeconds(lag) : null);
    }

    public Task PromoteAsync(string route, string stage, string why, CancellationToken cancellationToken) => _client.ChangeStageAsync(route, stage, "demo", why, cancellationToken);

    private static SideReading Side(SideFigures side) => new(side.Count, side.PerSecond, side.RecentP50, side.RecentP99, side.P50, side.P99);
}
