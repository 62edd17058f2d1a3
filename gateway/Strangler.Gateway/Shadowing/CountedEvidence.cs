using Microsoft.Extensions.Logging;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Counts the results of comparisons for the live figures, and passes them on. If the evidence fails, nothing else is
/// affected; the failure is logged once a minute. What a figure counts is in the evidence already.
/// </summary>
/// <param name="kept">Where it is kept.</param>
internal sealed partial class CountedEvidence(
    IEvidence kept,
    GatewayRoutes routes,
    ShadowMetrics metrics,
    TimeProvider time,
    ILogger<CountedEvidence> logger
) : IEvidence
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Random _random = new();
    private long? _said;

    public void Add(Comparison comparison)
    {
        if (comparison.Parts.Any(part => part.Verdict is Verdict.Wrong))
        {
            lock (_lock)
                comparison = comparison with { Draw = (ulong)_random.NextInt64() };
        }
        Pass(evidence => evidence.Add(comparison));
        Stats(comparison.Scope, comparison.Occasion)?.Count(comparison);
        metrics.Compared(comparison);
        if (comparison.Occasion == Occasion.Recheck)
            routes.Find(comparison.Scope.Route)?.Stats.Guarded.Count(comparison);
    }

    public void Drop(EvidenceScope scope, DropReason reason, Occasion occasion = Occasion.Shadow)
    {
        Pass(evidence => evidence.Drop(scope, reason, occasion));
        Stats(scope, occasion)?.CountDrop(reason);
        metrics.Dropped(scope.Route, ShadowStats.Name(reason), occasion);
    }

    public void Note(EvidenceScope scope, Access access) => Pass(evidence => evidence.Note(scope, access));

    public void Sample(EvidenceScope scope, IReadOnlyList<string> keys, Occasion occasion = Occasion.Shadow)
    {
        Pass(evidence => evidence.Sample(scope, keys, occasion));
        Stats(scope, occasion)?.CountSample();
        metrics.Sampled(scope.Route, occasion);
    }

    private ShadowStats? Stats(EvidenceScope scope, Occasion occasion) =>
        routes.Find(scope.Route)?.Stats is { } stats
            ? occasion == Occasion.Recheck
                ? stats.Recheck
                : stats.Shadow
            : null;

    private void Pass(Action<IEvidence> act)
    {
        try
        {
            act(kept);
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                if (_said is { } said && time.GetElapsedTime(said) < Pause)
                    return;
                _said = time.GetTimestamp();
            }
            NotKept(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Evidence could not be kept; the comparison is lost.")]
    private partial void NotKept(Exception exception);
}
