using Strangler.Comparing.Rules;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Http;
using Strangler.Projections;

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

    /// <summary>What the evidence must show before the lookup may answer the route.</summary>
    public GateRules Gate { get; init; } = GateRules.Default;

    /// <summary>Whether legacy gets the target as the client wrote it. Null means the gateway's setting.</summary>
    public bool? RawTarget { get; init; }

    /// <summary>What counts when two of its answers are compared.</summary>
    public ComparisonRules Compare { get; init; } = ComparisonRules.Exact;
}

/// <summary>How the lookup answers a route.</summary>
/// <param name="Responder">The projection's part that runs here.</param>
/// <param name="Key">Where its requests have their keys.</param>
/// <param name="Methods">Methods that it answers, in capitals.</param>
/// <param name="Query">Declared query parameters.</param>
/// <param name="Body">Declared members of the body. Empty if the route takes none.</param>
/// <param name="MaxStaleness">The maximum age of the watermark.</param>
/// <param name="MaxKeys">The maximum number of keys of a request.</param>
/// <param name="MaxBodyBytes">The maximum number of bytes of a body that are read.</param>
/// <param name="LookupTimeout">How long the store may take.</param>
/// <param name="RespondLimit">How long Respond may take.</param>
internal sealed record RouteLookupModel(
    IResponder Responder,
    KeySource Key,
    IReadOnlySet<string> Methods,
    IReadOnlySet<string> Query,
    IReadOnlySet<string> Body,
    TimeSpan MaxStaleness,
    int MaxKeys,
    int MaxBodyBytes,
    TimeSpan LookupTimeout,
    TimeSpan RespondLimit
)
{
    /// <summary>Constant headers of its answers, unless Respond sets a header of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AnswerHeaders { get; init; } = [];
}
