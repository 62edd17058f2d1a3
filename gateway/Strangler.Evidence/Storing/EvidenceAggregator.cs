using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence.Gates;

namespace Strangler.Evidence.Storing;

/// <summary>Summarizes a scope's evidence for a gate.</summary>
internal static class EvidenceAggregator
{
    private const int MaxNamed = 20;
    private static readonly string Security = EnumText.Of(DifferenceKind.Security);
    private static readonly string AskedLegacy = EnumText.Of(Doubt.AskLegacy);
    private static readonly string MissingHeader = EnumText.Of(HeaderDifferenceKind.Missing);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="found">The store's data.</param>
    /// <param name="moment">What the gateway knows about the route now.</param>
    /// <param name="now">The gateway's clock.</param>
    public static EvidenceSummary Of(StoredEvidence found, RouteMoment moment, DateTimeOffset now)
    {
        var (scope, row) = (found.Scope, found.Row);
        return new EvidenceSummary(
            scope.Projection,
            scope.Version,
            scope.Rules,
            found.Count(CountNames.Requests, CountNames.Sampled),
            found.Count(CountNames.Requests, CountNames.Compared),
            found.Count(CountNames.Verdict, CountNames.Wrong),
            WrongAt(found),
            row?.VersionsExisting ?? 0,
            row?.VersionsWrong ?? 0,
            row?.KeysExisting ?? 0,
            found.Unproven.Keys,
            UnprovenShare(found),
            [.. found.UnprovenKeys.Take(MaxNamed).Select(key => key.Key)],
            MatchesPerHour(found, now),
            found.Earlier.Count > 0
        )
        {
            Dismissed = found.Dismissed,
            DismissedFaults = found.Dismissals.Count(fault => found.Count(CountNames.Fault, fault.Fault) > 0),
            AbsentKeys = (row?.KeysMatched ?? 0) - (row?.KeysExisting ?? 0),
            Answerable = found.Count(CountNames.Requests, CountNames.Answerable),
            WithCredentials = found.Count(CountNames.Requests, CountNames.WithCredentials),
            Credentials =
            [
                .. found
                    .Counts.Where(count => count.What == CountNames.Credentials)
                    .OrderByDescending(count => count.N)
                    .ThenBy(count => count.Name, StringComparer.Ordinal)
                    .Select(count => count.Name),
            ],
            Refused = found.Counts.Where(count => count.What == CountNames.Refused).Sum(count => count.N),
            HeadersCompared = found.Count(CountNames.Requests, CountNames.Headers),
            HeadersMissing = Headers(found, missing: true),
            HeadersUnlike = Headers(found, missing: false),
            Lost = found.Count(CountNames.Lost, CountNames.Compared),
            LostSamples = found.Count(CountNames.Lost, CountNames.Sampled),
            Named = row?.Named ?? 0,
            Covered = row?.Covered ?? 0,
            KeysOnce = row?.KeysOnce ?? 0,
            Parts =
                found.Counts.Where(count => count.What == CountNames.Verdict).Sum(count => count.N) - AskLegacy(found),
            Unclear =
                found.Count(CountNames.Verdict, CountNames.Torn)
                + found.Count(CountNames.Verdict, CountNames.Incomparable)
                + found.Count(CountNames.Verdict, CountNames.Undetermined)
                - AskLegacy(found),
            InStage = moment.InStage(row?.Since, now),
            Lag = moment.Lag,
        };
    }

    /// <summary>
    /// Parts for which the projection asks legacy: they say nothing, and nothing about them is unclear.
    /// </summary>
    private static long AskLegacy(StoredEvidence found) =>
        found
            .Counts.Where(count =>
                count is { What: CountNames.Verdict, Name: CountNames.Undetermined } && count.Detail == AskedLegacy
            )
            .Sum(count => count.N);

    /// <summary>
    /// Where parts were wrong: the general paths. Once faults are dismissed, the kinds and paths of each other fault.
    /// </summary>
    private static List<string> WrongAt(StoredEvidence found)
    {
        var dismissed = found.Dismissals.Select(dismissal => dismissal.Fault).ToHashSet(StringComparer.Ordinal);
        var lines =
            found.Dismissed == 0
                ? found
                    .Counts.Where(count => count.What == CountNames.Difference)
                    .OrderByDescending(count => count.Detail == Security)
                    .ThenByDescending(count => count.N)
                    .Select(count => count.Name)
                : found
                    .Counts.Where(count => count.What == CountNames.Fault && !dismissed.Contains(count.Name))
                    .OrderByDescending(count => count.N)
                    .Select(count => count.Detail.Length == 0 ? count.Name : count.Detail);
        return [.. lines.Distinct().Take(MaxNamed)];
    }

    private static List<EvidenceSummary.HeaderCount> Headers(StoredEvidence found, bool missing) =>
        [
            .. found
                .Counts.Where(count => count.What == CountNames.Header && count.Detail == MissingHeader == missing)
                .OrderByDescending(count => count.N)
                .ThenBy(count => count.Name, StringComparer.Ordinal)
                .Select(count => new EvidenceSummary.HeaderCount(count.Name, count.N)),
        ];

    /// <summary>
    /// A request that names two unproven keys counts twice, so the share is rather too high than too low.
    /// </summary>
    public static double UnprovenShare(StoredEvidence found) =>
        found.Unproven.Requests == 0
            ? 0
            : Math.Min(
                1,
                (double)found.Unproven.Requests / Math.Max(1, found.Count(CountNames.Requests, CountNames.Sampled))
            );

    /// <summary>
    /// Parts that matched within the last hour, times the share of matching parts so far that were new versions of keys
    /// that exist.
    /// </summary>
    private static double? MatchesPerHour(StoredEvidence found, DateTimeOffset now)
    {
        if (found.Row is not { VersionsExisting: > 0 } row)
            return null;
        var recent = found.Spans.Where(span => span.Seconds == 60 && span.At > now - Hour).Sum(span => span.Match);
        var all =
            found.Count(CountNames.Verdict, CountNames.MatchQuiet)
            + found.Count(CountNames.Verdict, CountNames.MatchWithCommit);
        if (recent == 0 || all == 0)
            return null;
        var hours = Math.Clamp((now - row.Since) / Hour, 1 / 60.0, 1);
        return recent / hours * row.VersionsExisting / all;
    }
}
