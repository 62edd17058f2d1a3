using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>Builds the report of a route from the store's data.</summary>
internal static class ReportBuilder
{
    private const double Confidence = 0.95;
    private static readonly string Undeclared = EnumText.Of(DropReason.Undeclared);
    private static readonly string UndeclaredDependency = EnumText.Of(WrongCause.UndeclaredDependency);
    private static readonly string MissingHeader = EnumText.Of(HeaderDifferenceKind.Missing);
    private static readonly string Security = EnumText.Of(DifferenceKind.Security);
    private const string Method = "one-sided beta-binomial mixture";
    private const string Citation =
        "H. Robbins 1970; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49, 2021";

    /// <param name="route">The route's id.</param>
    /// <param name="path">Its path template.</param>
    /// <param name="moment">Its stage, and what the gateway knows about it now.</param>
    /// <param name="found">The store's data.</param>
    /// <param name="rules">The rules of its gate.</param>
    /// <param name="limits">The limits of evidence.</param>
    /// <param name="totalKeys">Keys that the projection has; null: unknown.</param>
    /// <param name="now">The gateway's clock.</param>
    public static EvidenceReport Of(
        string route,
        string path,
        RouteMoment moment,
        StoredEvidence found,
        GateRules rules,
        EvidenceLimits limits,
        long? totalKeys,
        DateTimeOffset now
    )
    {
        var (scope, row) = (found.Scope, found.Row);
        return new EvidenceReport(
            route,
            path,
            moment.Stage.Text(),
            moment.StageSince,
            new ScopeReport(scope.Projection, scope.Version, scope.Rules, row?.Since, row?.Last),
            [
                .. found.Earlier.Select(earlier => new ScopeReport(
                    earlier.Projection,
                    earlier.Version,
                    earlier.Rules,
                    earlier.Since,
                    earlier.Last
                )),
            ],
            Requests(found),
            Verdicts(found),
            Keys(found, limits, totalKeys),
            Versions(row, limits),
            Bound(row),
            Differences(found),
            [
                .. Rows(found, CountNames.Ignored)
                    .Select(count => new IgnoredLine(count.Name, count.Detail, count.N, count.First, count.Last)),
            ],
            [
                .. Rows(found, CountNames.Noise)
                    .Select(count => new NoiseLine(count.Name, count.N, count.First, count.Last)),
            ],
            Reasons(found, CountNames.Miss, ReasonDescriptions.OfMiss),
            new LatencyReport(
                Figures(found, CountNames.LegacySide),
                Figures(found, CountNames.LookupSide),
                Figures(found, CountNames.LateSide)
            ),
            found.Spans,
            Gate(EvidenceAggregator.Of(found, moment, now), rules),
            [
                .. found.Examples.OrderByDescending(example =>
                    example.Differences.Any(difference => difference.Kind == Security)
                ),
            ]
        )
        {
            AskLegacy = Reasons(found, CountNames.AskLegacy, _ => ReasonDescriptions.OfAskLegacy),
            Access = new AccessReport(
                rules.IsAnonymous,
                found.Count(CountNames.Requests, CountNames.Answerable),
                found.Count(CountNames.Requests, CountNames.WithCredentials),
                Lines(found, CountNames.Credentials),
                Lines(found, CountNames.Refused)
            ),
            Headers = Headers(found),
            Dismissals =
            [
                .. found.Dismissals.Select(dismissal =>
                    dismissal with
                    {
                        Count = found.Count(CountNames.Fault, dismissal.Fault),
                    }
                ),
            ],
            Recheck = Recheck(found),
            Undeclared = found.Undeclared is { } first
                ? new UndeclaredReport(
                    found
                        .Counts.Where(row => row.What == CountNames.Verdict && row.Detail == UndeclaredDependency)
                        .Sum(row => row.N),
                    first.Key,
                    first.Request,
                    first.MatchedAt,
                    first.WrongAt
                )
                : null,
        };
    }

    public static GateReport Gate(EvidenceSummary summary, GateRules rules)
    {
        var judged = Gates.Gate.Judge(rules, summary);
        return new GateReport(
            judged.All(rule => rule.Kept),
            [.. judged.Select(rule => new GateLine(rule.Name, rule.Kept, rule.Found, rule.WayOut))]
        );
    }

    private static RequestsReport Requests(StoredEvidence found)
    {
        // both are counted as dropped; requests with undeclared input were never sampled
        var reasons = Reasons(found, CountNames.Dropped, ReasonDescriptions.OfDrop)
            .ToLookup(reason => reason.Reason == Undeclared);
        return new RequestsReport(
            found.Count(CountNames.Requests, CountNames.Sampled),
            found.Count(CountNames.Requests, CountNames.Compared),
            reasons[false].Sum(reason => reason.Count),
            [.. reasons[false]],
            found.Count(CountNames.Lost, CountNames.Compared),
            reasons[true].Sum(reason => reason.Count),
            [.. reasons[true]]
        );
    }

    private static RecheckReport Recheck(StoredEvidence found)
    {
        var rows = found.Counts.Where(row => row.What == CountNames.Recheck).ToDictionary(row => row.Name);
        long Count(string name) => rows.GetValueOrDefault(name)?.N ?? 0;
        return new RecheckReport(
            Count(CountNames.Sampled),
            Count(CountNames.Compared),
            Count(CountNames.Dropped),
            Count(CountNames.Wrong),
            rows.GetValueOrDefault(CountNames.Compared)?.Last,
            rows.GetValueOrDefault(CountNames.Wrong)?.First,
            rows.GetValueOrDefault(CountNames.Wrong)?.Last
        );
    }

    private static HeadersReport Headers(StoredEvidence found)
    {
        var compared = found.Count(CountNames.Requests, CountNames.Headers);
        return new HeadersReport(
            compared,
            [
                .. Rows(found, CountNames.Header)
                    .OrderByDescending(row => row.Detail == MissingHeader)
                    .Select(row => new HeaderLine(
                        row.Name,
                        row.Detail,
                        row.N,
                        (double)row.N / Math.Max(row.N, compared),
                        row.First,
                        row.Last
                    )),
            ]
        );
    }

    private static List<CountLine> Lines(StoredEvidence found, string what) =>
        [.. Rows(found, what).Select(row => new CountLine(row.Name, row.N))];

    private static VerdictsReport Verdicts(StoredEvidence found)
    {
        long Count(string verdict) => found.Count(CountNames.Verdict, verdict);
        var (torn, incomparable, undetermined) = (
            Count(CountNames.Torn),
            Count(CountNames.Incomparable),
            Count(CountNames.Undetermined)
        );
        var total = Rows(found, CountNames.Verdict).Sum(row => row.N);
        return new VerdictsReport(
            total,
            Count(CountNames.MatchQuiet),
            Count(CountNames.MatchWithCommit),
            Count(CountNames.Wrong),
            torn,
            incomparable,
            undetermined,
            total == 0 ? 0 : (double)(torn + incomparable + undetermined) / total,
            By(found, CountNames.Wrong),
            torn == 0 ? [] : [new ReasonCount(CountNames.Torn, torn, ReasonDescriptions.TornMeaning)],
            By(found, CountNames.Incomparable),
            By(found, CountNames.Undetermined)
        )
        {
            Dismissed = found.Dismissed,
        };
    }

    private static KeysReport Keys(StoredEvidence found, EvidenceLimits limits, long? total)
    {
        var row = found.Row;
        var unproven = new UnprovenReport(
            EvidenceLimits.UnprovenAfter,
            found.Unproven.Keys,
            found.Unproven.Requests,
            EvidenceAggregator.UnprovenShare(found),
            found.UnprovenKeys
        );
        var (existing, matched) = (row?.KeysExisting ?? 0, row?.KeysMatched ?? 0);
        // a key that neither side knows is not one of the projection's keys
        var named = (row?.Keys ?? 0) - (matched - existing);
        return new KeysReport(
            row?.Keys ?? 0,
            row?.KeysCompared ?? 0,
            matched,
            total,
            total is { } all ? Math.Max(0, all - named) : null,
            row?.KeysOver > 0,
            limits.Keys,
            unproven
        )
        {
            Existing = existing,
            Absent = matched - existing,
            Named = row?.Named ?? 0,
            Covered = row?.Covered ?? 0,
            Once = row?.KeysOnce ?? 0,
            UnseenMass = UnseenMass.Upper(row?.KeysOnce ?? 0, row?.Named ?? 0),
        };
    }

    private static VersionsReport Versions(ScopeRow? row, EvidenceLimits limits) =>
        new(
            row?.Versions ?? 0,
            row?.VersionsMatched ?? 0,
            row?.VersionsWrong ?? 0,
            row?.VersionsOver > 0,
            limits.Versions
        )
        {
            Existing = row?.VersionsExisting ?? 0,
        };

    private static BoundReport Bound(ScopeRow? row)
    {
        var (wrong, distinct) = (row?.VersionsWrong ?? 0, (row?.VersionsExisting ?? 0) + (row?.VersionsWrong ?? 0));
        return new BoundReport(
            MismatchBound.Upper(wrong, distinct, 1 - Confidence),
            Confidence,
            wrong,
            distinct,
            Method,
            Citation
        );
    }

    /// <summary>Security first, then by frequency.</summary>
    private static List<DifferenceLine> Differences(StoredEvidence found)
    {
        var examples = found.Lines.ToLookup(line => (line.Path, line.Kind), line => line.Example);
        return
        [
            .. Rows(found, CountNames.Difference)
                .OrderByDescending(row => row.Detail == Security)
                .Select(row => new DifferenceLine(
                    row.Name,
                    row.Detail,
                    row.N,
                    row.First,
                    row.Last,
                    [.. examples[(row.Name, row.Detail)]]
                )),
        ];
    }

    private static DurationFigures Figures(StoredEvidence found, string side)
    {
        var sums = LatencyHistogram.EmptySums();
        long max = 0;
        foreach (
            var row in found.Durations.Where(row => row.Side == side && row.Bucket >= 0 && row.Bucket < sums.Length)
        )
        {
            sums[row.Bucket] += row.N;
            max = Math.Max(max, row.Most);
        }
        double? Quantile(double quantile) =>
            LatencyHistogram.Quantile(sums, quantile) is { } edge ? Math.Min(edge, max) / 1000.0 : null;
        return new DurationFigures(
            sums.Sum(),
            Quantile(0.5),
            Quantile(0.9),
            Quantile(0.99),
            sums.Any(count => count > 0) ? max / 1000.0 : null
        );
    }

    private static List<ReasonCount> Reasons(StoredEvidence found, string what, Func<string, string> meaning) =>
        [.. Rows(found, what).Select(row => new ReasonCount(row.Name, row.N, meaning(row.Name)))];

    private static List<ReasonCount> By(StoredEvidence found, string verdict) =>
        [
            .. Rows(found, CountNames.Verdict)
                .Where(row => row.Name == verdict)
                .Select(row => new ReasonCount(row.Detail, row.N, ReasonDescriptions.OfVerdict(verdict, row.Detail))),
        ];

    private static IOrderedEnumerable<CountRow> Rows(StoredEvidence found, string what) =>
        found
            .Counts.Where(row => row.What == what)
            .OrderByDescending(row => row.N)
            .ThenBy(row => row.Name, StringComparer.Ordinal)
            .ThenBy(row => row.Detail, StringComparer.Ordinal);
}
