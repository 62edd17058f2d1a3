using System.Globalization;
using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>
/// The end of the demo: 1. all routes are answered by the lookup for a while; 2. a setting changes that no projection
/// declares, and with it what legacy answers; 3. comparing finds that, and the route's guard takes it back.
/// </summary>
/// <param name="routes">The admin API.</param>
/// <param name="shop">Looks at an item meanwhile, and changes the setting.</param>
internal sealed class GuardScene(IRoutes routes, IShop shop)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CauseLimit = TimeSpan.FromSeconds(10);

    /// <summary>How often somebody looks at one item in a second, so that it is compared several times.</summary>
    private const int Looks = 10;
    private readonly List<string> _lines = [];
    private TimeSpan? _since,
        _changed,
        _back;
    private RouteTrip? _trip;
    private bool _isOver;

    /// <summary>The longest that it lasts beyond the demo's own time.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(40);

    private static string Route => SampleConfiguration.GuardedRouteId;

    /// <summary>What has happened so far, as sentences.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Whether it has begun and isn't over.</summary>
    public bool IsUnderWay => _since is not null && !_isOver;

    /// <param name="elapsed">The time since the traffic began.</param>
    /// <param name="readings">All routes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task StepAsync(
        TimeSpan elapsed,
        IReadOnlyList<RouteStatus> readings,
        CancellationToken cancellationToken
    )
    {
        if (_isOver)
            return;
        if (_since is null && readings.All(route => route.Stage == "lookup"))
            _since = elapsed; // 1.
        for (var look = 0; _since is not null && look < Looks; look++)
            await shop.LookAsync(cancellationToken);
        if (_since is { } since && _changed is null && elapsed - since >= Settling)
        {
            await shop.AddSurchargeAsync(cancellationToken); // 2.
            _changed = elapsed;
            Say(
                elapsed,
                "legacy adds a surcharge of 3 % to each price, by a setting that no projection declares: "
                    + $"what the lookup answers on route '{Route}' is wrong from now on"
            );
        }
        else if (_changed is not null)
            await WatchAsync(elapsed, cancellationToken); // 3.
    }

    /// <summary>Null: the setting was never changed.</summary>
    public GuardSummary? Sum() =>
        _changed is { } changed
            ? new(Route, Seconds(changed), _back is { } at ? Seconds(at) : null, _trip?.Stage, _trip?.Why, _trip?.Cause)
            : null;

    private async Task WatchAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var before = _trip;
        _trip = await routes.TripAsync(Route, cancellationToken) ?? before;
        if (_trip is not null && _back is null)
        {
            _back = elapsed;
            Say(elapsed, $"route '{Route}' went back to stage {_trip.Stage} by itself. {_trip.Why}");
        }
        if (_trip?.Cause is { } cause && before?.Cause is null)
            Say(elapsed, cause);
        _isOver = _trip?.Cause is not null || elapsed - _back >= CauseLimit || elapsed - _changed >= Limit;
    }

    private void Say(TimeSpan elapsed, string what) =>
        _lines.Add($"{elapsed.ToString(@"m\:ss", CultureInfo.InvariantCulture)}  {what}");

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);
}
