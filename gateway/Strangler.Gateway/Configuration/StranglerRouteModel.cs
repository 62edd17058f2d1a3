using Strangler.Comparing.Rules;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;
using Strangler.Gateway.Http;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>The meaning of a route's configuration.</summary>
/// <param name="RouteId">The route's id in YARP.</param>
/// <param name="Path">The template of its path.</param>
/// <param name="Begin">The stage in which it begins.</param>
/// <param name="Lookup">How the lookup answers it. Null if no projection does.</param>
internal sealed record StranglerRouteModel(string RouteId, string Path, Stage Begin, RouteLookupModel? Lookup)
{
    /// <summary>The canonical spelling of its path.</summary>
    public PathTemplate Template { get; } = PathTemplate.Parse(Path);

    /// <summary>
    /// The projection that it names, if the projections couldn't be loaded; the call graph answers then. Null
    /// otherwise.
    /// </summary>
    public string? Unloaded { get; init; }

    /// <summary>How much of it is compared in stage shadow, and how.</summary>
    public ShadowModel Shadow { get; init; } = ShadowModel.Default;

    /// <summary>How much of it is compared after the lookup has answered.</summary>
    public RecheckModel Recheck { get; init; } = RecheckModel.Default;

    /// <summary>How much of it may go to legacy because the lookup couldn't answer it.</summary>
    public FallbackModel Fallback { get; init; } = FallbackModel.Default;

    /// <summary>What the evidence must show before the lookup may answer the route.</summary>
    public GateRules Gate { get; init; } = GateRules.Default;

    /// <summary>What takes the route back by itself.</summary>
    public GuardRules Guards { get; init; } = GuardRules.Default;

    /// <summary>Who takes the route forward.</summary>
    public PromotionMode Promote { get; init; }

    /// <summary>How legacy is asked whether a caller may see its answers. Null: it isn't.</summary>
    public AuthorizeByModel? AuthorizeBy { get; init; }

    /// <summary>Whether legacy gets the target as the client wrote it. Null means the gateway's setting.</summary>
    public bool? RawTarget { get; init; }

    /// <summary>The route as YARP reads it.</summary>
    public required RouteConfig Route { get; init; }

    /// <summary>Identifies the content of its section. Equal content has an equal stamp.</summary>
    public required string Stamp { get; init; }

    /// <summary>Whether the configuration of both is the same.</summary>
    public bool IsLike(StranglerRouteModel other) => Stamp == other.Stamp && Route == other.Route;

    /// <summary>What counts when two of its answers are compared.</summary>
    public ComparisonRules Compare { get; init; } = ComparisonRules.Exact;
}
