using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>Differences by path, each with its examples side by side.</summary>
internal static class DifferenceSection
{
    private const int ExamplesShown = 3;

    public static Markup Of(EvidenceReport route, string anchor)
    {
        if (route.Differences.Count == 0)
        {
            var why = route.Verdicts.Total == 0 ? "Nothing has been compared yet." : "None is proven.";
            return Markup.Of($"""<h3>Differences</h3><p>{why}</p>""");
        }
        var examples = route.Examples.ToDictionary(example => example.Id);
        var shown = new HashSet<string>();
        return Markup.Of(
            $"""
            <h3 id="{anchor}-differences">Differences</h3>
            {Markup.Each(
                route.Differences.Select((line, index) => (line, index)),
                one => Line(one.line, one.index == 0, examples, shown)
            )}
            """
        );
    }

    private static Markup Line(
        DifferenceLine line,
        bool open,
        Dictionary<string, ExampleReport> examples,
        HashSet<string> shown
    )
    {
        var kept = line
            .Examples.Select(examples.GetValueOrDefault)
            .OfType<ExampleReport>()
            .Take(ExamplesShown)
            .ToList();
        return Markup.Of(
            $"""
            <details class="fault"{new Markup(
                open ? " open" : ""
            )}><summary><code>{line.Path}</code> <span class="kind">{Kind(line.Kind)}</span> {Figures.Number(
                line.Count
            )} times, from {Figures.Time(line.First)} to {Figures.Time(line.Last)} UTC</summary>
            {(
                kept.Count == 0
                    ? Markup.Of($"""<p class="soft">No example is kept any more.</p>""")
                    : Markup.Each(kept, example => Example(example, line, shown.Add(example.Id)))
            )}
            </details>
            """
        );
    }

    private static Markup Example(ExampleReport example, DifferenceLine line, bool first)
    {
        var differences = example.Differences.Where(difference => difference.General == line.Path).ToList();
        return Markup.Of(
            $"""
            <h4><code>{example.Request}</code>{(
                example.Key is { } key ? Markup.Of($""", key <code>{key}</code>""") : Markup.None
            )}</h4>
            <p class="soft">{Figures.Time(example.At)} UTC. {ReasonDescriptions.OfVerdict(
                CountNames.Wrong,
                example.Cause
            )}{(
                example.MatchedAt is { } matched ? $" It had matched at {Figures.Time(matched)} UTC." : ""
            )} <code>strangler explain {example.Id}</code> says more.</p>
            {(example.Form is { } form ? Markup.Of($"""<p class="soft">{form}</p>""") : Markup.None)}
            {RouteSection.Table(
                $"Values that differ in {example.Id}",
                ["Where", "Legacy", "Lookup"],
                Markup.Each(differences.Take(20), Row)
            )}
            {(first ? Sides(example) : Markup.None)}
            """
        );
    }

    private static Markup Row(DifferenceReport difference) =>
        Markup.Of(
            $"""
            <tr>
            <th scope="row"><code>{difference.Path}</code></th>
            <td>{Value(difference.Legacy)}</td>
            <td>{Value(difference.Lookup)}</td>
            </tr>

            """
        );

    private static Markup Sides(ExampleReport example)
    {
        if (example.Legacy is not { } legacy || example.Lookup is not { } lookup)
            return Markup.None;
        var paths = example.Differences.Select(difference => difference.Path).ToHashSet(StringComparer.Ordinal);
        return Markup.Of(
            $"""
            <div class="sides"><div><h5>Legacy, status {legacy.Status}</h5>{Body(
                legacy,
                paths,
                $"Legacy's answer in {example.Id}"
            )}</div><div><h5>Lookup, status {lookup.Status}</h5>{Body(
                lookup,
                paths,
                $"The lookup's answer in {example.Id}"
            )}</div></div>
            """
        );
    }

    private static Markup Body(AnswerReport answer, IReadOnlySet<string> paths, string name)
    {
        var body = answer.Base64
            ? Markup.Of($"{answer.Bytes} bytes that are not text")
            : MarkedJson.Of(answer.Body, paths);
        return Markup.Of($"""<pre tabindex="0" role="group" aria-label="{name}">{body}</pre>""");
    }

    private static Markup Value(string? value) =>
        value is null ? Markup.Of($"""<span class="soft">nothing</span>""") : Markup.Of($"""<code>{value}</code>""");

    private static string Kind(string kind) =>
        kind switch
        {
            "missing" => "missing from the lookup",
            "extra" => "only in the lookup",
            "value" => "another value",
            "type" => "another type",
            "order" => "another order",
            "status" => "another status",
            "header" => "another header",
            "security" => "one side refuses what the other shows",
            "duplicate-key" => "a duplicate member",
            _ => kind,
        };
}
