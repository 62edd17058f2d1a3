using System.Globalization;
using static Strangler.Evidence.Gates.GateText;

namespace Strangler.Evidence.Gates;

/// <summary>Decides whether a route's evidence is enough. No evidence is not good evidence.</summary>
internal static class Gate
{
    public const string Evidence = "evidence";
    public const string Wrong = "wrong";
    public const string MinMatches = "min-matches";
    public const string MinKeys = "min-keys";
    public const string MaxUnproven = "max-unproven";
    public const string MaxLost = "max-lost";
    public const string Anonymous = "anonymous";
    public const string Headers = "headers";
    public const string UnderWay = "under-way";
    public const string MaxMismatchRate = "max-mismatch-rate";
    private const int MaxNamed = 5;
    private const int MaxHeaders = 20;
    private const long MaxCounted = 1_000_000_000;

    /// <param name="rules">What the route asks for.</param>
    /// <param name="evidence">The current scope's evidence.</param>
    /// <param name="from">
    /// The route's current stage. It changes nothing: skipping shadow has the same requirements as leaving it.
    /// </param>
    /// <param name="to">The requested stage.</param>
    public static GateDecision Decide(GateRules rules, EvidenceSummary evidence, Stage from, Stage to)
    {
        if (!to.Traits().IsGated || from == to)
            return GateDecision.Open.Value;
        var missing = Judge(rules, evidence).Where(rule => !rule.Kept).ToList();
        return missing.Count == 0 ? GateDecision.Open.Value : new GateDecision.Refused(missing);
    }

    /// <summary>Every rule, kept or not.</summary>
    public static IReadOnlyList<GateRule> Judge(GateRules rules, EvidenceSummary evidence)
    {
        var judged = new List<GateRule>
        {
            OfEvidence(evidence),
            OfWrong(evidence),
            OfAnonymous(rules, evidence),
            OfHeaders(evidence),
            OfMatches(rules, evidence),
            OfKeys(rules, evidence),
            OfUnproven(rules, evidence),
            OfLost(rules, evidence),
        };
        judged.AddRange(TrafficRules.Judge(rules, evidence));
        if (rules.MaxMismatchRate is { } rate)
            judged.Add(OfRate(rate, evidence));
        return judged;
    }

    /// <summary>
    /// Comparisons that began before the gate was asked and haven't ended may turn out wrong. This rule depends on the
    /// moment and the gateway, so no report includes it.
    /// </summary>
    /// <param name="left">The number of comparisons; at least one.</param>
    /// <param name="waited">How long the gate waited for them.</param>
    public static GateRule OfUnderWay(int left, TimeSpan waited) =>
        Missing(
            UnderWay,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Number(left)} {(left == 1 ? "comparison" : "comparisons")} that had begun before still "
                    + $"{(left == 1 ? "waits" : "wait")}, for the watermark or for the end of an answer; the gate "
                    + $"waited "
                    + $"{waited.TotalSeconds:0.#} s for {(left == 1 ? "it" : "them")}."
            ),
            "Nobody knows yet what they will find. Try again when the watermark has caught up; '/watermarks' of the "
                + "admin API says how far it lags."
        );

    private static GateRule OfEvidence(EvidenceSummary evidence)
    {
        if (evidence.Compared > 0)
            return Kept(Evidence, $"{Number(evidence.Compared)} requests were compared with {Scope(evidence)}.");
        var elsewhere = evidence.Elsewhere
            ? "; what there is is of another version or other rules, and counts for nothing now"
            : "";
        return Missing(
            Evidence,
            $"Nothing was compared with {Scope(evidence)}{elsewhere}.",
            "Take the route to 'shadow' and let requests come."
        );
    }

    private static GateRule OfWrong(EvidenceSummary evidence)
    {
        var dismissed = Dismissed(evidence);
        return evidence.WrongHeld == 0 && evidence.WrongVersionsHeld == 0
            ? Kept(Wrong, $"Nothing {(dismissed.Length == 0 ? "" : "else ")}was wrong.{dismissed}")
            : Missing(
                Wrong,
                $"{Number(evidence.WrongHeld)} parts were wrong, "
                    + $"{Named("at", evidence.WrongAt, evidence.WrongAt.Count)}.{dismissed}",
                "Correct the projection, or let a rule of the route name what may differ; "
                    + "either begins new evidence. 'strangler dismiss' sets an example's fault aside."
            );
    }

    /// <summary>
    /// What was wrong and isn't held against the gate, as a sentence that follows another. Empty: nothing.
    /// </summary>
    private static string Dismissed(EvidenceSummary evidence)
    {
        if (evidence.Dismissed == 0)
            return "";
        var faults =
            evidence.DismissedFaults == 1
                ? "a dismissed fault"
                : $"{Number(evidence.DismissedFaults)} dismissed faults";
        var parts = evidence.Dismissed == 1 ? "part was" : "parts were";
        return $" {Number(evidence.Dismissed)} {parts} wrong by {faults}.";
    }

    /// <summary>
    /// A lookup doesn't check who asks: it would show everybody what legacy shows only to some, unless the route says
    /// who may see it. Evidence alone doesn't: the caller who may not see it may come tomorrow.
    /// </summary>
    private static GateRule OfAnonymous(GateRules rules, EvidenceSummary evidence)
    {
        var access = Access(evidence) ?? "No request brought credentials, and legacy refused none with 401 or 403.";
        if (rules.IsAnonymous)
            return Kept(Anonymous, $"{access} The route is declared 'Anonymous': everybody may see its answers.");
        if (rules.SaysWhoMaySee && evidence.Refused > 0)
            return Missing(
                Anonymous,
                $"{access} {Who(rules)} would have let them through, so they would see what legacy doesn't show them.",
                "Let the route ask for what legacy asks for, which begins new evidence, or leave it in 'shadow'."
            );
        return rules.SaysWhoMaySee
            ? Kept(Anonymous, $"{access} {Who(rules)} says who may see the route's answers.")
            : Missing(
                Anonymous,
                $"{access} A lookup doesn't look who asks, and the route doesn't say who may see its answers.",
                "Set 'Strangler:Anonymous' of the route to true only if everybody may see all of its answers, give it "
                    + "an 'AuthorizationPolicy' whose callers may, or let 'Strangler:AuthorizeBy' ask legacy; else "
                    + "leave it in 'shadow'."
            );
    }

    private static string Who(GateRules rules) =>
        rules.AsksLegacy ? "Legacy, asked by 'AuthorizeBy'," : "Its authorization policy";

    /// <summary>Who asked, as a sentence; null: no request had credentials, and legacy refused none.</summary>
    public static string? Access(EvidenceSummary evidence)
    {
        if (evidence.WithCredentials == 0 && evidence.Refused == 0)
            return null;
        var brought = evidence.WithCredentials == 0 ? "None" : Number(evidence.WithCredentials);
        var headers = evidence.Credentials.Count == 0 ? "" : $" ({Listed(evidence.Credentials, MaxNamed)})";
        return $"{brought} of {Number(evidence.Answerable)} requests brought credentials{headers}, and legacy "
            + $"refused {(evidence.Refused == 0 ? "none" : Number(evidence.Refused))} with 401 or 403.";
    }

    /// <summary>
    /// What a client gets besides the body: permission to read it (CORS), how long to cache it, a cookie, its language.
    /// </summary>
    private static GateRule OfHeaders(EvidenceSummary evidence)
    {
        var names = evidence.HeadersUnlike.Select(header => header.Name).Distinct(StringComparer.Ordinal).ToList();
        var unlike = names.Count == 0 ? "" : $" Not alike, and reported: {Listed(names, MaxHeaders)}.";
        if (evidence.HeadersMissing.Count == 0)
            return Kept(
                Headers,
                $"No header of legacy's is missing from the lookup's answers, but those that are ignored.{unlike}"
            );
        var missing = evidence
            .HeadersMissing.Select(header =>
                $"{header.Name} in {Percent((double)header.Count / Math.Max(header.Count, evidence.HeadersCompared))}"
            )
            .ToList();
        return Missing(
            Headers,
            $"Legacy sends headers that the lookup doesn't: {Listed(missing, MaxHeaders)} of "
                + $"{Number(evidence.HeadersCompared)} compared answers.{unlike}",
            "Let each be made by Respond, by a response transform or by 'AnswerHeaders' of the route, or name it in "
                + "'Compare:IgnoreHeaders' where nobody needs it; each of them begins new evidence."
        );
    }

    private static string Listed(IReadOnlyList<string> names, int max)
    {
        var more = names.Count > max ? $" and {names.Count - max} more" : "";
        return $"{string.Join(", ", names.Take(max))}{more}";
    }

    private static GateRule OfMatches(GateRules rules, EvidenceSummary evidence) =>
        evidence.Matches >= rules.MinMatches
            ? Kept(
                MinMatches,
                $"{Number(evidence.Matches)} distinct versions of keys that exist matched, where "
                    + $"{Number(rules.MinMatches)} are needed."
            )
            : Missing(
                MinMatches,
                $"Only {Number(evidence.Matches)} distinct versions of keys that exist matched, where "
                    + $"{Number(rules.MinMatches)} are needed.",
                Wait(rules.MinMatches - evidence.Matches, evidence)
            );

    private static GateRule OfKeys(GateRules rules, EvidenceSummary evidence) =>
        evidence.Keys >= rules.MinKeys
            ? Kept(
                MinKeys,
                $"{Number(evidence.Keys)} distinct keys that exist matched, where {Number(rules.MinKeys)} are "
                    + $"needed{Absent(evidence)}."
            )
            : Missing(
                MinKeys,
                $"Only {Number(evidence.Keys)} distinct keys that exist matched, where {Number(rules.MinKeys)} are "
                    + $"needed{Absent(evidence)}.",
                "Let requests for other keys that exist come, or lower 'Gate:MinKeys' if no more keys exist."
            );

    /// <summary>A key that neither side knows proves little about the keys that exist.</summary>
    private static string Absent(EvidenceSummary evidence) =>
        evidence.AbsentKeys switch
        {
            0 => "",
            1 => "; 1 more doesn't exist on either side and isn't counted",
            var absent => $"; {Number(absent)} more don't exist on either side and aren't counted",
        };

    private static GateRule OfUnproven(GateRules rules, EvidenceSummary evidence) =>
        evidence.UnprovenShare <= rules.MaxUnproven
            ? Kept(
                MaxUnproven,
                $"{Number(evidence.Unproven)} unproven keys take {Percent(evidence.UnprovenShare)} of the sampled "
                    + $"requests, where {Percent(rules.MaxUnproven)} is the limit."
            )
            : Missing(
                MaxUnproven,
                $"{Number(evidence.Unproven)} unproven keys take {Percent(evidence.UnprovenShare)} of the sampled "
                    + $"requests, where {Percent(rules.MaxUnproven)} is the limit: "
                    + $"{Named("", evidence.UnprovenKeys, evidence.Unproven)}.",
                "Each was compared five times or more and never matched; how it ended last is listed with the "
                    + "unproven keys."
            );

    /// <summary>Lost comparisons may have been wrong.</summary>
    private static GateRule OfLost(GateRules rules, EvidenceSummary evidence)
    {
        if (Lost(evidence) is not { } lost)
            return Kept(MaxLost, "Nothing was lost on its way to the store.");
        var found = $"{lost} The limit is {Percent(rules.MaxLost)}.";
        return evidence.LostShare <= rules.MaxLost
            ? Kept(MaxLost, found)
            : Missing(
                MaxLost,
                found,
                "Their results are unknown: make sure that the store answers fast enough, or lower "
                    + "'Shadow:PerSecond', and let requests come until the lost share is smaller."
            );
    }

    /// <summary>The lost evidence, as a sentence; null: nothing was lost.</summary>
    public static string? Lost(EvidenceSummary evidence) =>
        evidence.LostShare == 0
            ? null
            : $"{Number(evidence.Lost)} {(evidence.Lost == 1 ? "comparison" : "comparisons")} and "
                + $"{Number(evidence.LostSamples)} {(evidence.LostSamples == 1 ? "sample" : "samples")} were lost "
                + $"on their way to the store, up to {Percent(evidence.LostShare)} of them.";

    /// <summary>A note on a change to lookup that doesn't prevent it; null: none.</summary>
    public static string? Note(EvidenceSummary evidence) =>
        string.Join(' ', new[] { Access(evidence), Lost(evidence) }.OfType<string>()) is { Length: > 0 } note
            ? note
            : null;

    private static GateRule OfRate(double max, EvidenceSummary evidence)
    {
        var distinct = evidence.Matches + evidence.WrongVersionsHeld;
        var upper = MismatchBound.Upper(evidence.WrongVersionsHeld, distinct);
        var found =
            $"The mismatch rate is at most {Percent(upper)} at 95 % confidence, where {Percent(max)} is required.";
        if (upper <= max)
            return Kept(MaxMismatchRate, found);
        return Missing(
            MaxMismatchRate,
            found,
            Needed(max, evidence.WrongVersionsHeld, distinct) is { } needed
                ? Wait(needed - distinct, evidence)
                : "No realistic number of comparisons would be enough."
        );
    }

    /// <summary>How many distinct comparisons would bring the bound down, if no further one is wrong.</summary>
    private static long? Needed(double max, long wrong, long distinct)
    {
        if (max <= 0 || MismatchBound.Upper(wrong, MaxCounted) > max)
            return null;
        var (low, high) = (distinct, MaxCounted);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (MismatchBound.Upper(wrong, middle) > max)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    private static string Wait(long missing, EvidenceSummary evidence) =>
        evidence.MatchesPerHour is { } rate and > 0
            ? $"{Number(missing)} more are missing, which takes about {Duration(missing / rate)} at the rate of "
                + "the last hour, if that many occur."
            : $"{Number(missing)} more are missing, and no match came within the last hour: let requests come "
                + "in stage 'shadow'; the verdicts and their reasons show what happened to earlier ones.";

    private static string Named(string before, IReadOnlyList<string> names, long all)
    {
        if (names.Count == 0)
            return "which are no longer named";
        var shown = string.Join(", ", names.Take(MaxNamed).Select(name => $"'{name}'"));
        var more = all > MaxNamed ? $" and {Number(all - MaxNamed)} more" : "";
        return before.Length > 0 ? $"{before} {shown}{more}" : $"{shown}{more}";
    }

    private static string Scope(EvidenceSummary evidence) =>
        $"'{evidence.Projection}' version {Short(evidence.Version)} and rules {Short(evidence.Rules)}";

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
