using Strangler.Demo.Sample;
using Strangler.Demo.Show;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Tests.Show;

/// <summary>An admin API in memory, whose gate answers as a test says.</summary>
internal sealed class Routes(Func<string, string?> gate) : IRoutes
{
    /// <summary>When a change fails for another reason than the gate.</summary>
    public Func<string, string, bool> Busy { get; init; } = (_, _) => false;

    /// <summary>Runs before a route's gate answers.</summary>
    public Func<string, CancellationToken, Task> Held { get; init; } = (_, _) => Task.CompletedTask;

    public List<(string Route, string Stage)> Promoted { get; } = [];

    public Dictionary<string, string> Stages { get; } =
        SampleConfiguration.RouteIds.ToDictionary(route => route, _ => "legacy");

    public Task<IReadOnlyList<RouteStatus>> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RouteStatus>>([
            .. Stages.Select(route => new RouteStatus(
                route.Key,
                route.Value,
                SideStatus.None,
                SideStatus.None,
                null,
                ShadowStatus.None
            )),
        ]);

    /// <summary>What the guard has done.</summary>
    public RouteTrip? Trip { get; set; }

    public Task<RouteTrip?> TripAsync(string route, CancellationToken cancellationToken) => Task.FromResult(Trip);

    public Task<IReadOnlyList<DifferenceCount>> DifferencesAsync(string route, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<IReadOnlyList<Fault>> PromoteAsync(
        string route,
        string stage,
        string why,
        CancellationToken cancellationToken
    )
    {
        if (Busy(route, stage))
            throw new FaultException(new Fault("Store", "The store does not answer.", "Try again."));
        if (stage == "lookup")
            await Held(route, cancellationToken);
        if (stage == "lookup" && gate(route) is { } words)
            return [new Fault("gate", words, "")];
        Promoted.Add((route, stage));
        Stages[route] = stage;
        return [];
    }
}
