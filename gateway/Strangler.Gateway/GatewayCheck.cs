using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>Checks what a gateway needs without starting anything.</summary>
public static class GatewayCheck
{
    /// <returns>All faults of the configuration at once; none if a gateway would start with it.</returns>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration, IReadOnlyList<IResponder> responders) => GatewayReading.Read(configuration, responders).Faults;

    /// <summary>The same, and whether the source's primary can be looked at where a route can be compared. A gateway would start without it, and compare nothing.</summary>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(IConfiguration configuration, IReadOnlyList<IResponder> responders, CancellationToken cancellationToken)
    {
        var faults = Check(configuration, responders);
        return GatewayReading.SourceOf(configuration) is { } source && await SourceCheck.FaultAsync(source, cancellationToken) is { } fault ? [.. faults, fault] : faults;
    }
}
