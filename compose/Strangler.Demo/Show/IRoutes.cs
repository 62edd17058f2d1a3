using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>The gateway's admin API, as far as the demo uses it.</summary>
public interface IRoutes
{
    /// <summary>All routes with a Strangler section.</summary>
    /// <exception cref="FaultException">The gateway does not answer.</exception>
    Task<IReadOnlyList<RouteStatus>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes a route to a stage, as <c>strangler promote</c> does.</summary>
    /// <returns>Nothing if it is there now; the gate's words if it says no.</returns>
    /// <exception cref="FaultException">
    /// The gateway does not answer, or the change is none that a gate decides.
    /// </exception>
    Task<IReadOnlyList<Fault>> PromoteAsync(
        string route,
        string stage,
        string why,
        CancellationToken cancellationToken
    );

    /// <summary>What the evidence of a route says is different.</summary>
    /// <exception cref="FaultException">The gateway does not answer.</exception>
    Task<IReadOnlyList<DifferenceCount>> DifferencesAsync(string route, CancellationToken cancellationToken);
}

/// <summary>Differences at one general path.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Kind">The kind of the difference.</param>
/// <param name="Count">How often it was found.</param>
public sealed record DifferenceCount(string Path, string Kind, long Count);
