using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>The meaning of a gateway's configuration.</summary>
/// <param name="Urls">Addresses at which it serves, besides the endpoints of Kestrel's own section.</param>
/// <param name="Admin">The loopback address of its admin API.</param>
/// <param name="AnswerHeader">Whether answers have a header that tells who gave them.</param>
/// <param name="MaxFallback">
/// The maximum number of requests at once that go to the call graph because the lookup failed them.
/// </param>
/// <param name="StoreConnection">
/// The connection string of the store that holds the stages. Null if no route names a projection; nothing needs a store
/// then.
/// </param>
/// <param name="Routes">Routes with a <c>Strangler</c> section.</param>
internal sealed record GatewayModel(
    IReadOnlyList<string> Urls,
    string Admin,
    bool AnswerHeader,
    int MaxFallback,
    string? StoreConnection,
    IReadOnlyList<StranglerRouteModel> Routes
)
{
    /// <summary>
    /// The file with the tokens of the admin API. Null if none is configured; everything except <c>/health</c> is
    /// refused then.
    /// </summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>The file in which the stages are kept. Null if they aren't.</summary>
    public string? StagesFile { get; init; }

    /// <summary>The source's primary. Null if not configured; no route can be compared then.</summary>
    public SourceModel? Source { get; init; }

    /// <summary>All routes and clusters, as YARP reads them.</summary>
    public ProxyModel Proxy { get; init; } = ProxyModel.Empty;

    /// <summary>Whether the host isn't ours: routes without a section are its own, and aren't touched.</summary>
    public bool IsHosted { get; init; }

    /// <summary>The policies to which routes may refer.</summary>
    public PolicyModel Policies { get; init; } = PolicyModel.None;

    /// <summary>What is configured and doesn't work, as far as that concerns plain routes only.</summary>
    public IReadOnlyList<Fault> Warnings { get; init; } = [];

    /// <summary>Whether legacy gets the target as the client wrote it, for routes that don't set this.</summary>
    public bool RawTarget { get; init; } = true;

    /// <summary>The routes without a section whose writes sessions see.</summary>
    public SessionWriteRoutes SessionWrites { get; init; } = SessionWriteRoutes.None;

    /// <summary>The maximum number of bytes of copied answers that are held for all routes together.</summary>
    public int ShadowBytes { get; init; }
}
