using System.Threading.Channels;
using Strangler.Gateway.Comparing;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// A route's budgets and what waits to be compared. A place is taken before anything is copied and given back after the comparison, so the queue never holds more than <see cref="MostWaiting"/>; with no
/// place left a request is not sampled.
/// </summary>
internal sealed class ShadowRoute(GatewayRoute route, RouteLookupModel lookup, TimeProvider time)
{
    /// <summary>So many may wait beside those that are being compared. They wait for the watermark, which is usually a matter of a fraction of a second.</summary>
    public const int MostWaiting = 1_000;

    private readonly Channel<Sampled> _waiting = Channel.CreateBounded<Sampled>(MostWaiting + route.Model.Shadow.MaxConcurrent);
    private int _inside;

    public GatewayRoute Route => route;

    public RouteLookupModel Lookup => lookup;

    public ShadowModel Options => route.Model.Shadow;

    /// <summary>What the evidence of this route is of.</summary>
    public EvidenceScope Scope { get; } = new(route.Model.RouteId, lookup.Responder.Projection.Name, lookup.Responder.Projection.Version, route.Model.Compare.Hash);

    public TokenBucket PerSecond { get; } = new(route.Model.Shadow.PerSecond, time);

    public TokenBucket Again { get; } = new(route.Model.Shadow.AgainPerSecond, time);

    public ChannelReader<Sampled> Waiting => _waiting.Reader;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= MostWaiting + Options.MaxConcurrent) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);

    /// <summary>False where the gateway is ending.</summary>
    public bool TryQueue(Sampled sampled) => _waiting.Writer.TryWrite(sampled);

    public void Close() => _waiting.Writer.TryComplete();
}
