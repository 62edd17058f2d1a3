using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Lookup;

/// <summary>Whether the findings may answer.</summary>
internal abstract record LookupEligibility
{
    private LookupEligibility() { }

    /// <summary>They may not.</summary>
    public sealed record Refused(CallGraphReason Reason) : LookupEligibility
    {
        /// <summary>The projection's reason, for <see cref="CallGraphReason.AskLegacy"/>; null otherwise.</summary>
        public string? LegacyReason { get; init; }
    }

    /// <summary>They may.</summary>
    /// <param name="Documents">Key and document (null if absent) in the request's order, including repeats.</param>
    /// <param name="Age">The watermark's age.</param>
    public sealed record Answerable(IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> Documents, TimeSpan Age)
        : LookupEligibility;

    /// <summary>
    /// All keys must be found or absent at a watermark that isn't too old; otherwise the call graph answers, since a
    /// partial answer would be a guess.
    /// </summary>
    /// <param name="keys">The request's keys in its order.</param>
    /// <param name="distinct">The keys that were looked up.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="age">The age of the watermark that was found. Null if there is none.</param>
    /// <param name="now">The clock by which documents become due, if the findings have none.</param>
    public static LookupEligibility Of(
        RouteLookupModel route,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> distinct,
        Findings findings,
        WatermarkAge? age,
        DateTimeOffset now
    )
    {
        if (findings.Found.Count != distinct.Count)
            return new Refused(CallGraphReason.LookupFailed);
        now = findings.Clock ?? now;
        var byKey = new Dictionary<string, ReadOnlyMemory<byte>?>(distinct.Count, StringComparer.Ordinal);
        for (var i = 0; i < distinct.Count; i++)
        {
            switch (findings.Found[i])
            {
                case Found.Document { RecomputeAt: { } due } when due <= now:
                    return new Refused(CallGraphReason.Due);
                case Found.Document document:
                    byKey[distinct[i]] = document.Bytes;
                    break;
                case Found.Absent:
                    byKey[distinct[i]] = null;
                    break;
                case Found.Miss miss:
                    return new Refused(ReasonOf(miss.Reason)) { LegacyReason = miss.LegacyReason };
                default:
                    return new Refused(CallGraphReason.LookupFailed);
            }
        }
        return age switch
        {
            null => new Refused(CallGraphReason.NotBuilt),
            WatermarkAge.Unknown unknown => new Refused(unknown.Reason),
            WatermarkAge.Known known when known.Age > route.MaxStaleness => new Refused(CallGraphReason.Stale),
            WatermarkAge.Known known => new Answerable([.. keys.Select(key => (key, byKey[key]))], known.Age),
            _ => throw new InvalidOperationException("An age is known or not."),
        };
    }

    internal static CallGraphReason ReasonOf(MissReason reason) =>
        reason switch
        {
            MissReason.NotBuilt => CallGraphReason.NotBuilt,
            MissReason.OtherVersion => CallGraphReason.OtherVersion,
            MissReason.Dirty => CallGraphReason.Dirty,
            MissReason.Quarantined => CallGraphReason.Quarantined,
            MissReason.Due => CallGraphReason.Due,
            MissReason.Stopped => CallGraphReason.Stopped,
            MissReason.AskLegacy => CallGraphReason.AskLegacy,
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
        };
}
