using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>The report as one self-contained page: no scripts, nothing loaded.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page. Nothing in a report is interpreted as markup.</summary>
    public static void Write(TextWriter writer, ReportFile report) => writer.Write(Page(report).Html);

    // 'unsafe-inline' is for the style sheet and the charts' attributes; the page may load or run nothing else.
    private static Markup Page(ReportFile report) =>
        Markup.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>Strangler: how lookups compare with the call graph</title>
            <style>{new Markup(Style.Sheet)}</style>
            </head>
            <body>
            <a class="skip" href="#routes">Skip to the routes</a>
            <header>
            <h1>How lookups compare with the call graph</h1>
            <p class="soft">Read on {Figures.Time(report.MadeAt)} UTC.{Lost(report.Lost)}</p>
            <nav aria-label="Routes"><ul>{Markup.Each(report.Routes, Entry)}</ul></nav>
            </header>
            <main id="routes">
            {(
                report.Routes.Count == 0
                    ? Markup.Of($"""<p>No route has a projection, so that there is nothing to compare.</p>""")
                    : Markup.Each(report.Routes, RouteSection.Of)
            )}
            </main>
            </body>
            </html>

            """
        );

    private static Markup Lost(long lost) =>
        lost == 0
            ? Markup.None
            : Markup.Of(
                $"""
                 <strong>{Figures.Count(lost, "record", "records")} could not be kept since the gateway started; their
                routes count them as lost, and nothing else does.</strong>
                """
            );

    private static Markup Entry(EvidenceReport route) =>
        Markup.Of(
            $"""
            <li><a href="#{RouteSection.Anchor(route)}">{route.Route}</a>
            <span class="soft">{Standing(route)}</span></li>

            """
        );

    private static string Standing(EvidenceReport route) =>
        route.Verdicts switch
        {
            { Wrong: > 0 and var wrong } => $"{Figures.Number(wrong)} wrong",
            { Total: 0 } => "nothing compared",
            _ => route.Gate.Ready ? "ready" : "not ready yet",
        };
}
