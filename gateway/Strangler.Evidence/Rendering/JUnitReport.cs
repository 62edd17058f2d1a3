using System.Globalization;
using System.Text;
using System.Xml;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering;

/// <summary>
/// The report as JUnit XML: a testsuite per route, a testcase for each rule of its gate and for each general path that
/// differs. A rule that is not kept, and a path that differs, count as failures.
/// </summary>
public static class JUnitReport
{
    private const string Gate = "gate";
    private const string Path = "path";

    public static string Write(ReportFile report)
    {
        var text = new StringBuilder();
        using (
            var xml = XmlWriter.Create(
                text,
                new XmlWriterSettings
                {
                    Indent = true,
                    NewLineChars = "\n",
                    OmitXmlDeclaration = true,
                }
            )
        )
        {
            var suites = report.Routes.Select(Suite).ToList();
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", "strangler");
            Totals(xml, suites.SelectMany(suite => suite).ToList());
            foreach (var (route, cases) in report.Routes.Zip(suites))
                WriteSuite(xml, report, route, cases);
            xml.WriteEndElement();
        }
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n";
    }

    private static List<Case> Suite(EvidenceReport route) =>
        [
            .. route.Gate.Rules.Select(rule => new Case(
                Gate,
                rule.Rule,
                rule.Kept ? null : $"{rule.Found} {rule.WayOut}",
                rule.Rule,
                rule.Found
            )),
            .. route.Differences.Select(line => new Case(
                Path,
                $"{line.Path} {line.Kind}",
                $"{line.Count.ToString("N0", CultureInfo.InvariantCulture)} differences "
                    + $"of kind '{line.Kind}' at '{line.Path}'.",
                line.Kind,
                Examples(route, line)
            )),
        ];

    private static string Examples(EvidenceReport route, DifferenceLine line) =>
        string.Join(
            '\n',
            line.Examples.Select(id =>
                route.Examples.FirstOrDefault(example => example.Id == id) is { } example
                    ? $"{id} {example.Request}: {Differences(example, line)}"
                    : id
            )
        );

    private static string Differences(ExampleReport example, DifferenceLine line) =>
        string.Join(
            "; ",
            example
                .Differences.Where(difference => difference.General == line.Path && difference.Kind == line.Kind)
                .Take(3)
                .Select(difference =>
                    $"{difference.Path}: {difference.Legacy ?? "nothing"} | {difference.Lookup ?? "nothing"}"
                )
        );

    private static void WriteSuite(XmlWriter xml, ReportFile report, EvidenceReport route, List<Case> cases)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", route.Route);
        Totals(xml, cases);
        Attribute(xml, "skipped", "0");
        Attribute(
            xml,
            "timestamp",
            report.MadeAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
        );
        foreach (var one in cases)
        {
            xml.WriteStartElement("testcase");
            Attribute(xml, "classname", $"{route.Route}.{one.Group}");
            Attribute(xml, "name", one.Name);
            Attribute(xml, "time", "0");
            if (one.Failure is { } failure)
            {
                xml.WriteStartElement("failure");
                Attribute(xml, "message", failure);
                Attribute(xml, "type", one.Type);
                xml.WriteString(Xml(one.Detail));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        var verdicts = route.Verdicts;
        xml.WriteElementString(
            "system-out",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{verdicts.Total:N0} parts compared: {verdicts.MatchQuiet + verdicts.MatchWithCommit:N0} match, "
                    + $"{verdicts.Wrong:N0} wrong, {verdicts.Torn:N0} torn, {verdicts.Incomparable:N0} incomparable, "
                    + $"{verdicts.Undetermined:N0} undetermined."
            )
        );
        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, List<Case> cases)
    {
        Attribute(xml, "tests", cases.Count.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", cases.Count(one => one.Failure is not null).ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", "0");
        Attribute(xml, "time", "0");
    }

    private static void Attribute(XmlWriter xml, string name, string value) =>
        xml.WriteAttributeString(name, Xml(value));

    /// <summary>XML can't represent some characters, not even escaped.</summary>
    private static string Xml(string text) =>
        string.Concat(
            text.EnumerateRunes()
                .Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString())
        );

    private sealed record Case(string Group, string Name, string? Failure, string Type, string Detail);
}
