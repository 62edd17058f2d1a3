using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>Checks a gateway's configuration without starting anything.</summary>
public static class GatewayCheck
{
    /// <returns>All faults at once; none if a gateway would start with it.</returns>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration, IReadOnlyList<IResponder> responders) => GatewayReading.Read(configuration, responders).Faults;
}
