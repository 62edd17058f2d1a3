using System.Globalization;
using System.Text;
using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>
/// An explanation as plain text within 80 columns: first what differs and why, then what the answer was made of.
/// </summary>
public static class ExplainText
{
    private const int MaxBodyLength = 2_000;
    private const int MaxRows = 50;

    public static string Write(ExplainReport report)
    {
        var (text, example) = (new StringBuilder(), report.Example);
        Paragraph(text, $"{example.Id}  {example.Request}", "");
        var ofKey = example.Key is { } key ? $", key {key}" : "";
        var atPosition = example.Position is { } position ? $", position {position}" : "";
        Paragraph(text, $"wrong ({example.Cause}) at {Time(example.At)}{ofKey}{atPosition}", "  ");
        if (example.MatchedAt is { } matched)
            Paragraph(text, $"the same request matched with the same rows at {Time(matched)}", "  ");
        if (report.Problem is { } problem)
            TextTable.Paragraph(text, problem, "\n! ", "  ");
        text.Append("\nwhat differs\n");
        foreach (
            var field in report.Fields.Count > 0
                ? report.Fields
                :
                [
                    .. example.Differences.Select(difference => new FieldReport(
                        difference.Path,
                        difference.Legacy,
                        difference.Lookup,
                        null,
                        null
                    )),
                ]
        )
            Field(text, field, report.Problem is null);
        Body(text, "legacy answered", example.Legacy);
        Body(text, "the lookup would have answered", example.Lookup);
        if (report.DocumentError is { } error)
        {
            text.Append("\nthe function failed\n");
            Paragraph(text, error, "  ");
        }
        if (report.Document is { } document)
        {
            text.Append("\nthe document at that position\n");
            Block(text, document);
        }
        Body(text, "the answer made of it", report.Answer);
        if (report.Rows.Count == 0)
            return text.ToString();
        text.Append("\nits rows at that position\n");
        foreach (var row in report.Rows.Take(MaxRows))
        {
            Paragraph(text, $"{row.Table} {row.PrimaryKey} since {row.Since}", "  ");
            Paragraph(text, row.Row, "    ");
        }
        if (report.Rows.Count > MaxRows)
            text.Append(CultureInfo.InvariantCulture, $"  … and {report.Rows.Count - MaxRows:N0} more\n");
        return text.ToString();
    }

    private static void Field(StringBuilder text, FieldReport field, bool explained)
    {
        Paragraph(text, field.Path, "  ");
        Paragraph(text, $"legacy  {field.Legacy ?? "nothing"}", "    ");
        Paragraph(text, $"lookup  {field.Lookup ?? "nothing"}", "    ");
        if (field.Touched is { } change)
        {
            Paragraph(
                text,
                $"touched last by {change.Table} {change.PrimaryKey} at "
                    + $"{change.Position}{(change.CommittedAt is { } at ? $", {Time(at)}" : "")}; without it: "
                    + $"{field.Without ?? "nothing"}",
                "    "
            );
            Paragraph(text, $"before  {change.Before ?? "no row"}", "      ");
            Paragraph(text, $"after   {change.After ?? "no row"}", "      ");
        }
        else if (explained)
            Paragraph(text, "touched by no row's last change", "    ");
    }

    private static void Body(StringBuilder text, string name, AnswerReport? answer)
    {
        if (answer is null)
            return;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{name}: {answer.Status}, {answer.Bytes:N0} "
                + $"bytes{(answer.Cut ? ", of which the first are kept" : "")}{(answer.Base64 ? ", in base64" : "")}\n"
        );
        Block(text, answer.Body);
    }

    private static void Block(StringBuilder text, string body) =>
        Paragraph(text, body.Length > MaxBodyLength ? body[..MaxBodyLength] + " …" : body, "  ");

    private static void Paragraph(StringBuilder text, string words, string indent) =>
        TextTable.Paragraph(text, words, indent, indent + (indent.Length == 0 ? "  " : ""));
}
