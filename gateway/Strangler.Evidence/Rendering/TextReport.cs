using System.Text;
using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>The report as plain text within 80 columns.</summary>
public static class TextReport
{
    private const int MaxLines = 20;
    private const int MaxSpans = 12;

    public static string Write(ReportFile report)
    {
        var text = new StringBuilder();
        if (report.Lost > 0)
            TextTable.Paragraph(
                text,
                $"This gateway could not keep {Number(report.Lost)} samples and comparisons since it started: the "
                    + "store was away, or too slow. Their routes count them as lost, and nothing else does.",
                "! ",
                "  "
            );
        if (report.Routes.Count == 0)
            text.Append("No route has a projection, so there is nothing to compare.\n");
        foreach (var route in report.Routes)
        {
            if (text.Length > 0)
                text.Append('\n');
            Route(text, route);
        }
        return text.ToString();
    }

    private static void Route(StringBuilder text, EvidenceReport report)
    {
        text.Append(TextTable.Fit($"{report.Route}  {report.Path}", TextTable.Width)).Append('\n');
        text.Append('-', TextTable.Width).Append('\n');
        TextTable.Paragraph(
            text,
            $"stage {report.Stage}{(report.StageSince is { } since ? $" since {Time(since)}" : "")}; "
                + $"{report.Scope.Projection} version {Short(report.Scope.Version)}, rules {Short(report.Scope.Rules)}",
            "",
            "  "
        );
        if (report.Scope is { Since: { } begun, Last: { } last })
            TextTable.Paragraph(text, $"evidence from {Time(begun)} to {Time(last)}", "", "  ");
        else
            text.Append("no evidence yet in this version and with these rules\n");
        if (report.EarlierScopes.Count > 0)
            TextTable.Paragraph(
                text,
                $"{report.EarlierScopes.Count} earlier scope{(report.EarlierScopes.Count == 1 ? "" : "s")} with "
                    + "evidence that counts for nothing now",
                "",
                "  "
            );
        foreach (var trouble in report.ProjectionTroubles)
            TextTable.Paragraph(text, trouble, "! ", "  ");
        if (FallbackText.Of(report.Fallback) is { } fallback)
            TextTable.Paragraph(text, fallback, "! ", "  ");
        if (FallbackText.OfAskLegacy(report.Fallback) is { } asked)
            TextTable.Paragraph(text, asked, "", "  ");
        if (report.Undeclared is { } undeclared)
            TextTable.Paragraph(text, UndeclaredText.Of(undeclared), "! ", "  ");
        Gate(text, report.Gate);
        foreach (var (at, sentence) in (report.Guard is { State: not "off" } guard ? GuardText.Of(guard) : []).Index())
            TextTable.Paragraph(text, sentence, at == 0 ? "\n" : "  ", "      ");
        if (report.Freshness is { } freshness)
            TextTable.Paragraph(text, FreshnessText.Of(freshness), "\n", "  ");
        if (report.Scope.Since is null)
            return;
        Requests(text, report);
        Access(text, report.Access);
        Verdicts(text, report.Verdicts);
        Coverage(text, report);
        Lines(text, report);
        DismissalText.Write(text, report.Dismissals);
        Durations(text, report.Latency);
        OverTime(text, report.OverTime);
        ExampleText.Write(text, report.Examples);
    }

    private static void Gate(StringBuilder text, GateReport gate)
    {
        text.Append('\n').Append(gate.Ready ? "READY for lookup\n" : "NOT READY for lookup\n");
        foreach (var rule in gate.Rules)
            TextTable.Paragraph(
                text,
                rule.Kept ? rule.Found : $"{rule.Found} {rule.WayOut}",
                rule.Kept ? "  ok  " : "  --  ",
                "      "
            );
    }

    private static void Requests(StringBuilder text, EvidenceReport report)
    {
        var requests = report.Requests;
        TextTable.Paragraph(text, RequestsText.Of(requests), "\n", "  ");
        if (RequestsText.OfRecheck(report) is { } recheck)
            TextTable.Paragraph(text, recheck, "", "  ");
        if (requests.DroppedBy.Count > 0)
            text.Append("dropped because of\n");
        Reasons(text, requests.DroppedBy);
        if (requests.NotSampledBy.Count > 0)
            text.Append("not sampled because of\n");
        Reasons(text, requests.NotSampledBy);
        if (report.Misses.Count > 0)
            text.Append("the lookup would have asked the call graph because of\n");
        Reasons(text, report.Misses);
        if (report.AskLegacy.Count > 0)
            text.Append("of these, the projection asked legacy because of\n");
        Reasons(text, report.AskLegacy);
    }

    private static void Access(StringBuilder text, AccessReport access)
    {
        if (access.WithCredentials == 0 && access.Refused.Count == 0)
            return;
        var refused = access.Refused.Sum(line => line.Count);
        TextTable.Paragraph(
            text,
            $"who asks: {Number(access.WithCredentials)} of {Number(access.Requests)} requests brought credentials, "
                + $"and legacy refused {Number(refused)}; "
                + $"the route is {(access.Anonymous ? "" : "not ")}declared 'Anonymous'",
            "\n",
            "  "
        );
        TextTable.Write(
            text,
            ["header or status", ">requests", ">share"],
            [
                .. access
                    .Credentials.Concat(access.Refused)
                    .Take(MaxLines)
                    .Select(line =>
                        (IReadOnlyList<string>)
                            [
                                line.Name,
                                Number(line.Count),
                                Share(access.Requests == 0 ? 0 : (double)line.Count / access.Requests),
                            ]
                    ),
            ]
        );
    }

    private static void Verdicts(StringBuilder text, VerdictsReport verdicts)
    {
        text.Append('\n');
        IReadOnlyList<string> Row(string name, long count) =>
            [name, Number(count), Share(verdicts.Total == 0 ? 0 : (double)count / verdicts.Total)];
        TextTable.Write(
            text,
            ["verdicts", ">parts", ">share"],
            [
                Row("match, quiet", verdicts.MatchQuiet),
                Row("match, with a commit", verdicts.MatchWithCommit),
                Row("wrong", verdicts.Wrong),
                Row("torn", verdicts.Torn),
                Row("incomparable", verdicts.Incomparable),
                Row("undetermined", verdicts.Undetermined),
                Row("all", verdicts.Total),
            ]
        );
        text.Append($"  torn, incomparable and undetermined together: {Share(verdicts.UnclearShare)}\n");
        foreach (
            var (name, reasons) in new[]
            {
                ("wrong", verdicts.WrongBy),
                ("torn", verdicts.TornBy),
                ("incomparable", verdicts.IncomparableBy),
                ("undetermined", verdicts.UndeterminedBy),
            }
        )
        {
            if (reasons.Count == 0)
                continue;
            text.Append($"{name} because of\n");
            Reasons(text, reasons);
        }
    }

    private static void Coverage(StringBuilder text, EvidenceReport report)
    {
        var (keys, versions, bound) = (report.Keys, report.Versions, report.Bound);
        var unseen = keys.Unseen is { } count
            ? $"{Number(count)} of {Number(keys.Total ?? 0)} never seen"
            : "how many were never seen is not known";
        var full = keys.Full ? $" (only {Number(keys.Bound)} are told apart)" : "";
        TextTable.Paragraph(
            text,
            $"{Number(keys.Sampled)} keys seen, {Number(keys.Compared)} compared, {Number(keys.Matched)} matched "
                + $"({Number(keys.Existing)} exist, {Number(keys.Absent)} neither side knows); {unseen}{full}",
            "\n",
            "  "
        );
        TextTable.Paragraph(
            text,
            $"{Share(keys.Named == 0 ? 0 : (double)keys.Covered / keys.Named)} of the sampled requests named keys that "
                + $"have matched; at most {Share(keys.UnseenMass)} of those to come name keys never seen ("
                + $"{Number(keys.Once)} keys were named once, of {Number(keys.Named)} namings)",
            "",
            "  "
        );
        TextTable.Paragraph(
            text,
            $"{Number(versions.Compared)} versions of keys compared: {Number(versions.Matched)} match "
                + $"({Number(versions.Existing)} of keys that exist), {Number(versions.Wrong)} wrong"
                + $"{(versions.Full ? $" (only {Number(versions.Bound)} are told apart)" : "")}",
            "",
            "  "
        );
        TextTable.Paragraph(
            text,
            $"mismatch rate at most {Percent(bound.Upper)} ({Share(bound.Confidence)} confidence, "
                + $"{Number(bound.Wrong)} wrong of {Number(bound.Distinct)} distinct; {bound.Method})",
            "",
            "  "
        );
        if (keys.Unproven.Count == 0)
            return;
        TextTable.Paragraph(
            text,
            $"{Number(keys.Unproven.Count)} unproven keys (compared {keys.Unproven.After} times or more, never a "
                + $"match) take {Share(keys.Unproven.Share)} of the sampled requests",
            "",
            "  "
        );
        TextTable.Write(
            text,
            ["key", ">requests", ">compared", "last"],
            [
                .. keys
                    .Unproven.Keys.Take(MaxLines)
                    .Select(key =>
                        (IReadOnlyList<string>)
                            [key.Key, Number(key.Requests), Number(key.Compared), TextTable.Fit(key.Last, 30)]
                    ),
            ]
        );
        More(text, keys.Unproven.Count, MaxLines);
    }

    private static void Lines(StringBuilder text, EvidenceReport report)
    {
        if (report.Differences.Count > 0)
        {
            text.Append('\n');
            TextTable.Write(
                text,
                ["differences", "kind", ">count", "last", "example"],
                [
                    .. report
                        .Differences.Take(MaxLines)
                        .Select(line =>
                            (IReadOnlyList<string>)
                                [
                                    line.Path,
                                    line.Kind,
                                    Number(line.Count),
                                    ShortTime(line.Last),
                                    line.Examples is [var id, ..] ? id : "",
                                ]
                        ),
                ]
            );
            More(text, report.Differences.Count, MaxLines);
        }
        if (report.Headers.Lines.Count > 0)
        {
            text.Append('\n');
            TextTable.Write(
                text,
                [$"headers of {Number(report.Headers.Compared)} compared answers", ">count", ">share"],
                [
                    .. report
                        .Headers.Lines.Take(MaxLines)
                        .Select(line =>
                            (IReadOnlyList<string>)
                                [
                                    $"{line.Name}: {ReasonDescriptions.OfHeader(line.Kind)}",
                                    Number(line.Count),
                                    Share(line.Share),
                                ]
                        ),
                ]
            );
            More(text, report.Headers.Lines.Count, MaxLines);
        }
        if (report.Ignored.Count > 0)
        {
            text.Append('\n');
            TextTable.Write(
                text,
                ["ignored", "rule", ">count"],
                [
                    .. report
                        .Ignored.Take(MaxLines)
                        .Select(line =>
                            (IReadOnlyList<string>)[line.Path, TextTable.Fit(line.Rule, 34), Number(line.Count)]
                        ),
                ]
            );
            More(text, report.Ignored.Count, MaxLines);
        }
        if (report.Noise.Count > 0)
        {
            text.Append('\n');
            TextTable.Write(
                text,
                ["noise: legacy differs from itself", ">parts"],
                [.. report.Noise.Take(MaxLines).Select(line => (IReadOnlyList<string>)[line.Path, Number(line.Count)])]
            );
            More(text, report.Noise.Count, MaxLines);
        }
    }

    private static void Durations(StringBuilder text, LatencyReport latency)
    {
        text.Append('\n');
        IReadOnlyList<string> Row(string name, DurationFigures figures) =>
            [
                name,
                Number(figures.Count),
                Milliseconds(figures.P50),
                Milliseconds(figures.P90),
                Milliseconds(figures.P99),
                Milliseconds(figures.Max),
            ];
        TextTable.Write(
            text,
            ["milliseconds", ">count", ">p50", ">p90", ">p99", ">max"],
            [Row("call graph", latency.Legacy), Row("lookup", latency.Lookup), Row("late by", latency.Late)]
        );
    }

    private static void OverTime(StringBuilder text, IReadOnlyList<VerdictSpan> spans)
    {
        if (spans.Count == 0)
            return;
        text.Append('\n');
        TextTable.Write(
            text,
            [
                $"from (UTC; the last {Math.Min(MaxSpans, spans.Count)})",
                ">match",
                ">wrong",
                ">torn",
                ">incomp.",
                ">undet.",
            ],
            [
                .. spans
                    .TakeLast(MaxSpans)
                    .Select(span =>
                        (IReadOnlyList<string>)
                            [
                                $"{ShortTime(span.At)}{(span.Seconds == 3600 ? " (hour)" : "")}",
                                Number(span.Match),
                                Number(span.Wrong),
                                Number(span.Torn),
                                Number(span.Incomparable),
                                Number(span.Undetermined),
                            ]
                    ),
            ]
        );
    }

    private static void Reasons(StringBuilder text, IReadOnlyList<ReasonCount> reasons)
    {
        foreach (var reason in reasons)
            TextTable.Paragraph(
                text,
                $"{reason.Reason}: {reason.Meaning}",
                $"{Number(reason.Count), 9}  ",
                "           "
            );
    }

    private static void More(StringBuilder text, long all, int shown)
    {
        if (all > shown)
            text.Append($"  … and {Number(all - shown)} more\n");
    }
}
