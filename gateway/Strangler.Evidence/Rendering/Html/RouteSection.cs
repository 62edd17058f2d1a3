using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>A route: its stage, then the evidence, most severe first.</summary>
internal static class RouteSection
{
    public static string Anchor(EvidenceReport route)
    {
        var name = string.Concat(route.Route.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var hash = (uint)route.Route.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
        return $"route-{name}-{hash:x}";
    }

    public static Markup Of(EvidenceReport route)
    {
        var anchor = Anchor(route);
        return Markup.Of(
            $"""
            <section class="route" id="{anchor}" aria-labelledby="{anchor}-name">
            <div class="headline">
            <h2 id="{anchor}-name">{route.Route}</h2>
            <code>{route.Path}</code>
            <span class="stage">stage {route.Stage}</span>
            </div>
            {Troubles(route.ProjectionTroubles)}
            {Undeclared(route.Undeclared)}
            {Fallback(route.Fallback)}
            {AskLegacy(route.Fallback)}
            {Gate(route)}
            {Tiles(route)}
            {VerdictChart.Of(route)}
            {DifferenceSection.Of(route, anchor)}
            {GuardSection.Of(route.Guard)}
            {DismissalSection.Of(route.Dismissals)}
            {Access(route.Access)}
            {Headers(route.Headers)}
            {Latency(route.Latency)}
            {Freshness(route.Freshness)}
            {NotCompared(route)}
            {LetPass(route)}
            {Unproven(route.Keys.Unproven)}
            {Scope(route)}
            </section>

            """
        );
    }

    private static Markup Troubles(IReadOnlyList<string> troubles) =>
        troubles.Count == 0
            ? Markup.None
            : Markup.Of(
                $"""
                <div class="gate no">
                <p><strong>Not served.</strong> Why the lookup answers nothing of the projection just now:</p>
                <ul>{Markup.Each(troubles, trouble => Markup.Of($"""<li>{trouble}</li>"""))}</ul>
                </div>
                """
            );

    private static Markup Undeclared(UndeclaredReport? undeclared) =>
        undeclared is null
            ? Markup.None
            : Markup.Of(
                $"""<div class="gate no"><p><strong>Undeclared.</strong> {UndeclaredText.Of(undeclared)}</p></div>"""
            );

    private static Markup Fallback(FallbackReport fallback) =>
        FallbackText.Of(fallback) is { } said
            ? Markup.Of($"""<div class="gate no"><p><strong>Refused.</strong> {said}</p></div>""")
            : Markup.None;

    private static Markup AskLegacy(FallbackReport fallback) =>
        FallbackText.OfAskLegacy(fallback) is { } said ? Markup.Of($"""<p class="soft">{said}</p>""") : Markup.None;

    private static Markup Freshness(FreshnessReport? freshness) =>
        freshness is null ? Markup.None : Markup.Of($"""<p>{FreshnessText.Of(freshness)}</p>""");

    private static Markup Gate(EvidenceReport route) =>
        route.Gate.Ready
            ? Markup.Of($"""<div class="gate"><p><strong>Ready.</strong> Every rule of the gate is kept.</p></div>""")
            : Markup.Of(
                $"""
                <div class="gate no"><p><strong>Not ready.</strong> What is missing:</p>
                <ul>{Markup.Each(
                    route.Gate.Rules.Where(rule => !rule.Kept),
                    rule => Markup.Of($"""<li>{rule.Found} {rule.WayOut}</li>""")
                )}</ul></div>
                """
            );

    private static Markup Tiles(EvidenceReport route)
    {
        var (verdicts, bound) = (route.Verdicts, route.Bound);
        return Markup.Of(
            $"""
            <dl class="tiles">
            {Tile(
                "Wrong",
                Figures.Number(verdicts.Wrong),
                $"of {Figures.Count(verdicts.Total, "compared part", "compared parts")}"
            )}
            {Tile(
                "Mismatch rate at most",
                Figures.Percent(bound.Upper),
                $"with {Figures.Percent(bound.Confidence)} confidence, "
                    + $"{Figures.Number(bound.Wrong)} of {Figures.Number(bound.Distinct)} distinct versions"
            )}
            {Tile(
                "Match",
                Figures.Number(verdicts.MatchQuiet + verdicts.MatchWithCommit),
                $"{Figures.Number(verdicts.MatchQuiet)} quiet, {Figures.Number(verdicts.MatchWithCommit)} with a commit"
            )}
            {Tile(
                "Unclear",
                Figures.Percent(verdicts.UnclearShare),
                $"{Figures.Number(verdicts.Torn)} torn, {Figures.Number(verdicts.Incomparable)} incomparable, "
                    + $"{Figures.Number(verdicts.Undetermined)} undetermined"
            )}
            {Tile(
                "Keys that exist and match",
                Figures.Number(route.Keys.Existing),
                $"of {Figures.Number(route.Keys.Compared)} compared; "
                    + $"{Figures.Number(route.Keys.Absent)} neither side knows; {Unseen(route.Keys)}"
            )}
            {Tile(
                "Requests for matched keys",
                Figures.Percent(route.Keys.Named == 0 ? 0 : (double)route.Keys.Covered / route.Keys.Named),
                $"of the sampled ones; at most {Figures.Percent(route.Keys.UnseenMass)} of those to come name keys "
                    + "never seen"
            )}
            {Tile(
                "A lookup would be late by",
                Figures.Milliseconds(route.Latency.Late.P50),
                $"half of the time; p99 {Figures.Milliseconds(route.Latency.Late.P99)}, "
                    + $"most {Figures.Milliseconds(route.Latency.Late.Max)}"
            )}
            </dl>
            """
        );

        static Markup Tile(string name, string figure, string beside) =>
            Markup.Of($"""<div><dt>{name}</dt><dd>{figure}<small>{beside}</small></dd></div>""");
    }

    private static string Unseen(KeysReport keys) =>
        keys switch
        {
            { Full: true } => $"more than {Figures.Number(keys.Bound)} are not told apart",
            { Unseen: { } unseen, Total: { } total } =>
                $"{Figures.Number(unseen)} of {Figures.Number(total)} were never asked for",
            _ => $"{Figures.Number(keys.Sampled)} were asked for",
        };

    private static Markup Access(AccessReport access)
    {
        if (access.WithCredentials == 0 && access.Refused.Count == 0)
            return Markup.None;
        var lines = access
            .Credentials.Select(line => ($"brought {line.Name}", line.Count))
            .Concat(access.Refused.Select(line => ($"refused with {line.Name}", line.Count)));
        return Markup.Of(
            $"""
            <h3>Who asks</h3>
            <p>{Figures.Number(access.WithCredentials)} of {Figures.Count(access.Requests, "request", "requests")}
            brought credentials.
            The route is {(access.Anonymous ? "" : "not ")}declared <code>Anonymous</code>.</p>
            {Table(
                "Who asks",
                ["Requests that", "Requests", "Share"],
                Markup.Each(lines, line => Row(line.Item1, line.Count))
            )}
            """
        );

        Markup Row(string what, long count) =>
            Markup.Of(
                $"""
                <tr>
                <th scope="row">{what}</th>
                <td class="n">{Figures.Number(count)}</td>
                <td class="n">{Figures.Percent(access.Requests == 0 ? 0 : (double)count / access.Requests)}</td>
                </tr>

                """
            );
    }

    private static Markup Headers(HeadersReport headers)
    {
        if (headers.Lines.Count == 0)
            return Markup.None;
        return Markup.Of(
            $"""
            <h3>Headers</h3>
            <p>Headers that no rule compares or ignores,
            of {Figures.Count(headers.Compared, "compared answer", "compared answers")}.
            Their values aren't kept.</p>
            {Table(
                "Headers",
                ["Header", "How", "Last seen (UTC)", "Count", "Share"],
                Markup.Each(headers.Lines, Row)
            )}
            """
        );

        static Markup Row(HeaderLine line) =>
            Markup.Of(
                $"""
                <tr>
                <th scope="row"><code>{line.Name}</code></th>
                <td>{ReasonDescriptions.OfHeader(line.Kind)}</td>
                <td>{Figures.Time(line.Last)}</td>
                <td class="n">{Figures.Number(line.Count)}</td>
                <td class="n">{Figures.Percent(line.Share)}</td>
                </tr>

                """
            );
    }

    private static Markup Latency(LatencyReport latency) =>
        Markup.Of(
            $"""
            <h3>How long each side takes</h3>
            <div class="scroll" tabindex="0" role="group" aria-label="How long each side takes"><table>
            <thead><tr>
            <th scope="col">Side</th>
            <th scope="col" class="n">Measured</th>
            <th scope="col" class="n">p50</th>
            <th scope="col" class="n">p90</th>
            <th scope="col" class="n">p99</th>
            <th scope="col" class="n">Most</th>
            </tr></thead>
            <tbody>
            {Line("Call graph", latency.Legacy)}
            {Line("Lookup of the same request", latency.Lookup)}
            {Line("How late the documents are", latency.Late)}
            </tbody>
            </table></div>
            """
        );

    private static Markup Line(string name, DurationFigures of) =>
        Markup.Of(
            $"""
            <tr>
            <th scope="row">{name}</th>
            <td class="n">{Figures.Number(of.Count)}</td>
            <td class="n">{Figures.Milliseconds(of.P50)}</td>
            <td class="n">{Figures.Milliseconds(of.P90)}</td>
            <td class="n">{Figures.Milliseconds(of.P99)}</td>
            <td class="n">{Figures.Milliseconds(of.Max)}</td>
            </tr>
            """
        );

    private static Markup NotCompared(EvidenceReport route)
    {
        var (requests, verdicts) = (route.Requests, route.Verdicts);
        var reasons = verdicts
            .UndeterminedBy.Select(reason => ("undetermined", reason))
            .Concat(verdicts.IncomparableBy.Select(reason => ("incomparable", reason)))
            .Concat(verdicts.TornBy.Select(reason => ("torn", reason)))
            .Concat(requests.DroppedBy.Select(reason => ("dropped", reason)))
            .Concat(requests.NotSampledBy.Select(reason => ("not sampled", reason)))
            .Concat(route.Misses.Select(reason => ("lookup missed", reason)))
            .Concat(route.AskLegacy.Select(reason => ("the projection asks legacy", reason)))
            .Where(line => line.Item2.Count > 0)
            .ToList();
        return Markup.Of(
            $"""
            <h3>What says nothing, and why</h3>
            <p class="soft">{RequestsText.Of(requests)}{(
                RequestsText.OfRecheck(route) is { } recheck ? $"; {recheck}" : ""
            )}.</p>
            {(reasons.Count == 0 ? Markup.Of($"""<p>Nothing of this kind.</p>""") : Reasons())}
            """
        );

        Markup Reasons() =>
            Table(
                "What says nothing, and why",
                ["What", "Reason", "Meaning", "Count"],
                Markup.Each(reasons, line => Row(line.Item1, line.Item2))
            );

        static Markup Row(string what, ReasonCount reason) =>
            Markup.Of(
                $"""
                <tr>
                <td>{what}</td>
                <th scope="row"><code>{reason.Reason}</code></th>
                <td>{reason.Meaning}</td>
                <td class="n">{Figures.Number(reason.Count)}</td>
                </tr>

                """
            );
    }

    private static Markup LetPass(EvidenceReport route)
    {
        if (route.Ignored.Count == 0 && route.Noise.Count == 0)
            return Markup.None;
        const string name = "What the rules let pass, and where legacy differs from itself";
        var ignored = route.Ignored.Select(line =>
            Row(line.Path, $"ignored by the rule {line.Rule}", line.Last, line.Count)
        );
        var noise = route.Noise.Select(line =>
            Row(line.Path, "noise: two answers of legacy differ", line.Last, line.Count)
        );
        return Markup.Of(
            $"""
            <h3>{name}</h3>
            {Table(name, ["Path", "Why", "Last seen (UTC)", "Count"], Markup.Each(ignored.Concat(noise), row => row))}
            """
        );

        static Markup Row(string path, string why, DateTimeOffset last, long count) =>
            Markup.Of(
                $"""
                <tr>
                <th scope="row"><code>{path}</code></th>
                <td>{why}</td>
                <td>{Figures.Time(last)}</td>
                <td class="n">{Figures.Number(count)}</td>
                </tr>

                """
            );
    }

    private static Markup Unproven(UnprovenReport unproven)
    {
        if (unproven.Count == 0)
            return Markup.None;
        return Markup.Of(
            $"""
            <h3>Unproven keys</h3>
            <p>{Figures.Count(unproven.Count, "key was", "keys were")} compared at least {unproven.After} times
            without a match; {Figures.Percent(unproven.Share)} of the sampled requests named them.</p>
            {Table(
                "Unproven keys",
                ["Key", "Last verdict", "Requests", "Compared"],
                Markup.Each(unproven.Keys, Row)
            )}
            """
        );

        static Markup Row(UnprovenKey key) =>
            Markup.Of(
                $"""
                <tr>
                <th scope="row"><code>{key.Key}</code></th>
                <td>{key.Last}</td>
                <td class="n">{Figures.Number(key.Requests)}</td>
                <td class="n">{Figures.Number(key.Compared)}</td>
                </tr>

                """
            );
    }

    private static Markup Scope(EvidenceReport route)
    {
        var (scope, earlier) = (route.Scope, route.EarlierScopes.Count);
        var others = Figures.Count(earlier, "other version or rule set", "other versions or rule sets");
        return Markup.Of(
            $"""
            <h3>What this is evidence of</h3>
            <p>Projection <code>{scope.Projection}</code>, version <code>{scope.Version}</code>,
            comparison rules <code>{scope.Rules}</code>,
            from {Figures.Time(scope.Since)} to {Figures.Time(scope.Last)} UTC.
            {(earlier == 0 ? "" : $"Evidence of {others} is kept and counts for nothing here.")}</p>
            <p class="soft">The bound: {route.Bound.Method}. {route.Bound.Citation}</p>
            """
        );
    }

    internal static Markup Table(string name, IReadOnlyList<string> columns, Markup rows) =>
        Markup.Of(
            $"""
            <div class="scroll" tabindex="0" role="group" aria-label="{name}"><table><thead><tr>{Markup.Each(
                columns,
                column =>
                    column is "Count" or "Requests" or "Compared" or "Share"
                        ? Markup.Of($"""<th scope="col" class="n">{column}</th>""")
                        : Markup.Of($"""<th scope="col">{column}</th>""")
            )}</tr></thead><tbody>{rows}</tbody></table></div>
            """
        );
}
