using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;
using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Lookup;

/// <summary>Whether what was found may answer.</summary>
internal abstract record Judgement
{
    private Judgement() { }

    /// <summary>It may not.</summary>
    public sealed record Refused(CallGraphReason Reason) : Judgement;

    /// <summary>It may.</summary>
    /// <param name="Documents">Key and document (null: absent) in the request's order, repeats included.</param>
    /// <param name="Age">The watermark's age.</param>
    public sealed record Answerable(IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> Documents, TimeSpan Age) : Judgement;

    /// <summary>All keys must be found or absent at a watermark that is not too old: better the call graph's answer than half a guess.</summary>
    /// <param name="keys">The request's keys in its order.</param>
    /// <param name="distinct">Those that were looked up.</param>
    public static Judgement Of(RouteLookupModel route, IReadOnlyList<string> keys, IReadOnlyList<string> distinct, Findings findings, DateTimeOffset now)
    {
        if (findings.Found.Count != distinct.Count) return new Refused(CallGraphReason.LookupFailed);
        var byKey = new Dictionary<string, ReadOnlyMemory<byte>?>(distinct.Count, StringComparer.Ordinal);
        for (var i = 0; i < distinct.Count; i++)
        {
            switch (findings.Found[i])
            {
                case Found.Document { RecomputeAt: { } due } when due <= now: return new Refused(CallGraphReason.Due);
                case Found.Document document: byKey[distinct[i]] = document.Bytes; break;
                case Found.Absent: byKey[distinct[i]] = null; break;
                case Found.Miss miss: return new Refused(ReasonOf(miss.Reason));
                default: return new Refused(CallGraphReason.LookupFailed);
            }
        }
        if (findings.Watermark is not { } watermark) return new Refused(CallGraphReason.NotBuilt);
        var age = now - watermark.At;
        if (age > route.MaxStaleness) return new Refused(CallGraphReason.Stale);
        return new Answerable([.. keys.Select(key => (key, byKey[key]))], age);
    }

    internal static CallGraphReason ReasonOf(MissReason reason) => reason switch
    {
        MissReason.NotBuilt => CallGraphReason.NotBuilt,
        MissReason.OtherVersion => CallGraphReason.OtherVersion,
        MissReason.Dirty => CallGraphReason.Dirty,
        MissReason.Quarantined => CallGraphReason.Quarantined,
        MissReason.Due => CallGraphReason.Due,
        MissReason.Stopped => CallGraphReason.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };
}
