using System.Threading.Channels;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// A route's budgets and what waits to be compared. Whatever waits has a place, so the queue never holds more than
/// there are places; with none left a request is not sampled.
/// </summary>
internal sealed class ShadowRoute(GatewayRoute route, RouteLookupModel lookup, TimeProvider time)
{
    private const int MaxWaiting = 1_000;
    private const int MaxResting = 20_000;

    private readonly Channel<ShadowSample> _waiting = Channel.CreateBounded<ShadowSample>(
        MaxSamplesOf(route.Model.Shadow)
    );

    public GatewayRoute Route => route;

    public RouteLookupModel Lookup => lookup;

    public ShadowModel Options => route.Model.Shadow;

    /// <summary>What the evidence of this route is of.</summary>
    public EvidenceScope Scope { get; } =
        new(
            route.Model.RouteId,
            lookup.Responder.Projection.Name,
            lookup.Responder.Projection.Version,
            route.Model.Compare.Hash
        );

    public TokenBucket PerSecond { get; } = new(route.Model.Shadow.PerSecond, time);

    public TokenBucket ReplayTokens { get; } = new(route.Model.Shadow.AgainPerSecond, time);

    /// <summary>How much each of its comparisons holds.</summary>
    public HeldEstimate Estimate { get; } = new();

    /// <summary>
    /// The most requests that are sampled and not yet compared: those that are being compared, those that rest for
    /// their delay at the rate that the route allows, and so many more.
    /// </summary>
    public int MaxSamples { get; } = MaxSamplesOf(route.Model.Shadow);

    public ShadowPlaces Places { get; } = new(MaxSamplesOf(route.Model.Shadow), time);

    /// <summary>What is being compared takes one of these.</summary>
    public SemaphoreSlim AtOnce { get; } = new(route.Model.Shadow.MaxConcurrent);

    public ChannelReader<ShadowSample> Waiting => _waiting.Reader;

    /// <summary>False where the gateway is ending.</summary>
    public bool TryQueue(ShadowSample sampled) => _waiting.Writer.TryWrite(sampled);

    private static int MaxSamplesOf(ShadowModel options) =>
        MaxWaiting
        + options.MaxConcurrent
        + (int)Math.Min(MaxResting, Math.Ceiling(options.PerSecond * options.Delay.TotalSeconds));

    public void Close() => _waiting.Writer.TryComplete();
}
