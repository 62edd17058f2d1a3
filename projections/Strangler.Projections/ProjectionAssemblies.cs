using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Projections.Loading;

namespace Strangler.Projections;

/// <summary>What a gateway needs from a team's assemblies.</summary>
public static class ProjectionAssemblies
{
    /// <summary>
    /// Loads the assemblies that <c>Projections:Assemblies</c> names; a path is relative to the configuration's folder,
    /// or else to the program's.
    /// </summary>
    /// <returns>A responder for each projection; none if no assembly is named.</returns>
    /// <exception cref="FaultException">
    /// Everything that is wrong with the assemblies and their declarations, together.
    /// </exception>
    public static IReadOnlyList<IResponder> Load(IConfiguration configuration) =>
        [.. ProjectionCatalog.Load(configuration).Select(model => model.Responder)];
}
