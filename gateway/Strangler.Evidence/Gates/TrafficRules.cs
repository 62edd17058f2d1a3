using static Strangler.Evidence.Gates.GateText;

namespace Strangler.Evidence.Gates;

/// <summary>
/// Rules about the traffic and the moment: whether the comparisons reach what is asked for, end with a result, have
/// lasted, and are about documents that are up to date.
/// </summary>
internal static class TrafficRules
{
    public const string MinCoverage = "min-coverage";
    public const string MaxUnseen = "max-unseen";
    public const string MaxUnclear = "max-unclear";
    public const string MinTime = "min-time";
    public const string MaxLag = "max-lag";
    private const long MaxNamings = 1_000_000_000;

    public static IEnumerable<GateRule> Judge(GateRules rules, EvidenceSummary evidence) =>
        [
            OfCoverage(rules.MinCoverage, evidence),
            OfUnseen(rules.MaxUnseen, evidence),
            OfUnclear(rules.MaxUnclear, evidence),
            OfTime(rules.MinTime, evidence.InStage),
            OfLag(rules.MaxLag, evidence.Lag),
        ];

    /// <summary>A key that is asked for often and never matches counts with each of its requests.</summary>
    private static GateRule OfCoverage(double min, EvidenceSummary evidence)
    {
        var found =
            $"{Percent(evidence.Coverage)} of the sampled requests named keys that have matched ("
            + $"{Number(evidence.Covered)} of {Number(evidence.Named)}), where {Percent(min)} is needed.";
        if (evidence.Coverage >= min)
            return Kept(MinCoverage, found);
        var missing = (long)Math.Ceiling(min * evidence.Named) - evidence.Covered;
        return Missing(
            MinCoverage,
            found,
            $"The keys of {Number(Math.Max(1, missing))} more of them must match: let requests for them come, look at "
                + "why comparisons were dropped or are unclear, or lower 'Gate:MinCoverage'."
        );
    }

    private static GateRule OfUnseen(double max, EvidenceSummary evidence)
    {
        var found =
            $"At most {Percent(evidence.Unseen)} of the requests to come are for keys that were never seen, at 95 % "
            + $"confidence ({Number(evidence.KeysOnce)} keys were named once, of {Number(evidence.Named)} namings), "
            + $"where {Percent(max)} is the limit.";
        return evidence.Unseen <= max
            ? Kept(MaxUnseen, found)
            : Missing(
                MaxUnseen,
                found,
                NamingsNeeded(max, evidence) is { } more
                    ? $"{Number(more)} more requests would be enough if they named no new key: let them come, or raise "
                        + "'Gate:MaxUnseen' if most requests are for new keys."
                    : "No realistic number of requests would be enough: raise 'Gate:MaxUnseen'."
            );
    }

    /// <summary>How many namings of known keys would bring the bound down.</summary>
    private static long? NamingsNeeded(double max, EvidenceSummary evidence)
    {
        if (UnseenMass.Upper(evidence.KeysOnce, Math.Max(MaxNamings, evidence.Named)) > max)
            return null;
        var (low, high) = (evidence.Named, MaxNamings);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (UnseenMass.Upper(evidence.KeysOnce, middle) > max)
                low = middle;
            else
                high = middle;
        }
        return high - evidence.Named;
    }

    private static GateRule OfUnclear(double max, EvidenceSummary evidence)
    {
        var found =
            $"{Percent(evidence.UnclearShare)} of {Number(evidence.Parts)} compared parts were torn, incomparable or "
            + $"undetermined, where {Percent(max)} is the limit.";
        return evidence.UnclearShare <= max
            ? Kept(MaxUnclear, found)
            : Missing(
                MaxUnclear,
                found,
                "The verdicts' reasons show what prevents a result. Remove it, let requests come until the share is "
                    + "smaller, or raise 'Gate:MaxUnclear'."
            );
    }

    private static GateRule OfTime(TimeSpan min, TimeSpan inStage)
    {
        var found =
            $"The route has been compared with this evidence for {Span(inStage)}, where {Span(min)} "
            + $"{(min == TimeSpan.Zero ? "is" : "are")} needed.";
        return inStage >= min
            ? Kept(MinTime, found)
            : Missing(
                MinTime,
                found,
                inStage == TimeSpan.Zero
                    ? "Take the route to 'shadow' and let requests come."
                    : $"Leave it in its stage for {Duration((min - inStage).TotalHours)} more."
            );
    }

    private static GateRule OfLag(TimeSpan max, TimeSpan? lag) =>
        lag switch
        {
            null => Missing(
                MaxLag,
                $"How old the documents are isn't known, where {Span(max)} is the limit.",
                "'strangler routes' shows whether the projections run. Try again when they have moved."
            ),
            { } known when known <= max => Kept(
                MaxLag,
                $"The documents are {Span(known)} old, where {Span(max)} is the limit."
            ),
            { } known => Missing(
                MaxLag,
                $"The documents are {Span(known)} old, where {Span(max)} is the limit.",
                "Try again when the projections have caught up; '/watermarks' of the admin API says how far they lag."
            ),
        };
}
