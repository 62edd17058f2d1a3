namespace Strangler.Gateway.Configuration;

/// <summary>What the configuration of a gateway means.</summary>
/// <param name="Urls">Addresses at which it serves.</param>
/// <param name="Admin">The loopback address of its admin API.</param>
/// <param name="AnswerHeader">Whether answers say who gave them.</param>
/// <param name="MaxFallback">
/// The most requests at once that may go to the call graph because the lookup failed them.
/// </param>
/// <param name="StoreConnection">The connection of the store that holds the stages.</param>
/// <param name="Routes">Routes with a <c>Strangler</c> section.</param>
internal sealed record GatewayModel(
    IReadOnlyList<string> Urls,
    string Admin,
    bool AnswerHeader,
    int MaxFallback,
    string StoreConnection,
    IReadOnlyList<StranglerRouteModel> Routes
)
{
    /// <summary>
    /// The file with the tokens of the admin API; null: there is none, and all but <c>/health</c> is refused.
    /// </summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>The source's primary; null: no route can be compared.</summary>
    public SourceModel? Source { get; init; }

    /// <summary>
    /// Whether legacy is asked for the target that the client wrote, where a route says nothing of it.
    /// </summary>
    public bool RawTarget { get; init; } = true;

    /// <summary>The most bytes of copied answers that are held for all routes together.</summary>
    public int ShadowBytes { get; init; }

    /// <summary>Whether legacy is asked on this route for the target that the client wrote.</summary>
    public bool IsRaw(string routeId) =>
        Routes.FirstOrDefault(route => route.RouteId.Equals(routeId, StringComparison.OrdinalIgnoreCase))?.RawTarget
        ?? RawTarget;
}
