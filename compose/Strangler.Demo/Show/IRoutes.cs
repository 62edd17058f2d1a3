using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>The gateway's admin API, as far as the demo uses it.</summary>
public interface IRoutes
{
    /// <exception cref="FaultException">The gateway does not answer.</exception>
    Task<RouteReading> ReadAsync(string route, CancellationToken cancellationToken);

    /// <summary>Takes a route to a stage, as <c>strangler promote</c> does.</summary>
    /// <exception cref="FaultException">The gateway says no.</exception>
    Task PromoteAsync(string route, string stage, string why, CancellationToken cancellationToken);
}
