using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Projections;

namespace Strangler.Hosting;

/// <summary>The projections whose assemblies the configuration names.</summary>
internal static class LoadedProjections
{
    /// <param name="configuration">The configuration.</param>
    /// <param name="program">What is to be started again after a fault: the gateway, or the host.</param>
    /// <param name="states">Gets the faults, for health.</param>
    /// <param name="notLoaded">Hears of the faults.</param>
    /// <returns>
    /// Null if they can't be loaded: the gateway serves without them, and the call graph answers their routes.
    /// </returns>
    public static IReadOnlyList<IResponder>? Of(
        IConfiguration configuration,
        string program,
        PartStates states,
        Action<IReadOnlyList<Fault>> notLoaded
    )
    {
        try
        {
            return ProjectionAssemblies.Load(configuration);
        }
        catch (FaultException exception)
        {
            notLoaded(exception.Faults);
            states.SetGatewayFaults([
                .. exception.Faults.Select(fault =>
                    $"{fault} Until it is fixed and the {program} is started again, the call graph answers every route."
                ),
            ]);
            return null;
        }
    }
}
