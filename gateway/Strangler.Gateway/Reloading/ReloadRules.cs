using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Decides what becomes of a changed configuration: all of its routes and clusters take effect, or none.
/// </summary>
internal static class ReloadRules
{
    /// <param name="started">The configuration with which the gateway started.</param>
    /// <param name="running">What that means.</param>
    /// <param name="now">The changed one.</param>
    /// <param name="responders">The projections. Null if they couldn't be loaded.</param>
    public static ReloadDecision Decide(
        IConfiguration started,
        GatewayModel running,
        ChangedConfiguration now,
        IReadOnlyList<IResponder>? responders
    )
    {
        if (now.Configuration is not { } configuration)
            return new ReloadDecision.Keep(now.Faults);
        if (running.StoreConnection is null && GatewayConfigReader.NamesProjection(configuration))
            return new ReloadDecision.Keep([StartedWithoutAStore]);
        var (model, faults) = GatewayConfigReader.Read(configuration, responders, running.Policies);
        if (model is not null)
            return new ReloadDecision.Apply(model, Late(started, configuration));
        return GatewayConfigReader.Read(configuration, responders).Model is null
            ? new ReloadDecision.Keep(faults)
            : new ReloadDecision.Keep([.. faults.Select(StartedWithoutThePolicy)]);
    }

    /// <summary>Nothing that a store needs was begun at the start.</summary>
    public static readonly Fault StartedWithoutAStore = new(
        GatewayConfigReader.ProxySection,
        "A route names a projection now. The gateway started without one, so it has no store and has loaded no "
            + "projections.",
        "Start the gateway again."
    );

    /// <summary>The changed configuration defines the policy, the running gateway doesn't have it.</summary>
    private static Fault StartedWithoutThePolicy(Fault fault) =>
        new(
            fault.Path,
            "The gateway started without this policy: it knows those that its routes needed at the start.",
            "Start the gateway again."
        );

    private static List<string> Late(IConfiguration started, IConfiguration now) =>
        [
            .. started
                .GetChildren()
                .Concat(now.GetChildren())
                .Select(section => section.Key)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(key => !key.Equals(GatewayConfigReader.ProxySection, StringComparison.OrdinalIgnoreCase))
                .Where(key => SectionStamp.Of(started.GetSection(key)) != SectionStamp.Of(now.GetSection(key)))
                .Order(StringComparer.OrdinalIgnoreCase),
        ];
}
