using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>The part of the gateway's admin API that the demo uses.</summary>
public interface IRoutes
{
    /// <summary>All routes with a Strangler section.</summary>
    /// <exception cref="FaultException">The gateway doesn't answer.</exception>
    Task<IReadOnlyList<RouteStatus>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes a route to a stage, as <c>strangler promote</c> does.</summary>
    /// <returns>Empty if the route is now in the stage; the gate's messages if it refuses.</returns>
    /// <exception cref="FaultException">The gateway doesn't answer, or no gate decides about the change.</exception>
    Task<IReadOnlyList<Fault>> PromoteAsync(
        string route,
        string stage,
        string why,
        CancellationToken cancellationToken
    );

    /// <summary>How the route's guard took it back last; null: it didn't.</summary>
    /// <exception cref="FaultException">The gateway doesn't answer.</exception>
    Task<RouteTrip?> TripAsync(string route, CancellationToken cancellationToken);

    /// <summary>The differences in a route's evidence.</summary>
    /// <exception cref="FaultException">The gateway doesn't answer.</exception>
    Task<IReadOnlyList<DifferenceCount>> DifferencesAsync(string route, CancellationToken cancellationToken);
}
