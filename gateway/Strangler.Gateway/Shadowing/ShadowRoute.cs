using System.Threading.Channels;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// A route's budgets and its queue of samples to compare. Each sample in the queue has a place, so the queue never
/// holds more than there are places. If none is left, a request isn't sampled.
/// </summary>
/// <param name="route">The route.</param>
/// <param name="lookup">How the lookup answers it.</param>
/// <param name="before">The same route before its configuration changed; null: none.</param>
/// <param name="time">The clock.</param>
internal sealed class ShadowRoute(GatewayRoute route, RouteLookupModel lookup, ShadowRoute? before, TimeProvider time)
{
    private volatile ShadowRoute? _before = before?.Unfinished;

    private const int MaxWaiting = 1_000;
    private const int MaxResting = 20_000;

    private readonly Channel<ShadowSample> _waiting = Channel.CreateBounded<ShadowSample>(
        MaxSamplesOf(route.Model.Shadow)
    );

    public GatewayRoute Route => route;

    public RouteLookupModel Lookup => lookup;

    public ShadowModel Options => route.Model.Shadow;

    /// <summary>The scope of this route's evidence.</summary>
    public EvidenceScope Scope { get; } =
        new(
            route.Model.RouteId,
            lookup.Responder.Projection.Name,
            lookup.Responder.Projection.Version,
            route.Model.Compare.Hash
        );

    public TokenBucket PerSecond { get; } = new(route.Model.Shadow.PerSecond, time);

    /// <summary>The turns of requests that the lookup answered.</summary>
    public RecheckTurns RecheckTurns { get; } = new(route.Model.Recheck, time.GetTimestamp(), time);

    public TokenBucket RechecksPerSecond { get; } = new(route.Model.Recheck.MaxPerSecond, time);

    /// <summary>How often legacy may be asked, for comparisons in any stage.</summary>
    public TokenBucket ReplayTokens { get; } = new(route.Model.Shadow.AgainPerSecond, time);

    /// <summary>The estimate of what each of its comparisons holds.</summary>
    public HeldEstimate Estimate { get; } = new();

    /// <summary>
    /// The maximum number of requests that are sampled and not yet compared: those being compared, those that rest for
    /// their delay at the route's rate, and a fixed number of others.
    /// </summary>
    public int MaxSamples { get; } = MaxSamplesOf(route.Model.Shadow);

    public ShadowPlaces Places { get; } = new(MaxSamplesOf(route.Model.Shadow), time);

    /// <summary>Each comparison in progress takes one of these.</summary>
    public SemaphoreSlim AtOnce { get; } = new(route.Model.Shadow.MaxConcurrent);

    public ChannelReader<ShadowSample> Waiting => _waiting.Reader;

    /// <summary>
    /// The newest of this one and those before it that still has samples; null if none has, so that no more are held
    /// than there are samples.
    /// </summary>
    private ShadowRoute? Unfinished => Places.IsEmpty ? _before?.Unfinished : this;

    /// <summary>Waits until every sample that was taken before the call is in the evidence, or never will be.</summary>
    /// <param name="limit">The maximum wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The number of those that aren't. 0 unless the limit was reached.</returns>
    public async Task<int> WaitForEarlierAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_before is not { } earlier)
            return await Places.WaitForEarlierAsync(limit, cancellationToken);
        var left = await Task.WhenAll(
            Places.WaitForEarlierAsync(limit, cancellationToken),
            earlier.WaitForEarlierAsync(limit, cancellationToken)
        );
        if (left[1] == 0)
            _before = null; // it is closed and takes no more
        return left.Sum();
    }

    /// <summary>False if the gateway is stopping, or the route's configuration has changed.</summary>
    public bool TryQueue(ShadowSample sampled) => _waiting.Writer.TryWrite(sampled);

    private static int MaxSamplesOf(ShadowModel options) =>
        MaxWaiting
        + options.MaxConcurrent
        + (int)Math.Min(MaxResting, Math.Ceiling(options.PerSecond * options.Delay.TotalSeconds));

    public void Close() => _waiting.Writer.TryComplete();
}
