using System.Text;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering;

/// <summary>The first examples of a route, as the plain-text report shows them.</summary>
internal static class ExampleText
{
    public static void Write(StringBuilder text, IReadOnlyList<ExampleReport> examples)
    {
        if (examples.Count == 0)
            return;
        text.Append("\nexamples; 'strangler explain ID' says more\n");
        foreach (var example in examples.Take(5))
        {
            text.Append("  ")
                .Append(TextTable.Fit($"{example.Id}  {example.Request}", TextTable.Width - 2))
                .Append('\n');
            if (example.Form is { } form)
                TextTable.Paragraph(text, form, "      ", "      ");
            foreach (var difference in example.Differences.Take(3))
            {
                text.Append("      ")
                    .Append(
                        TextTable.Fit(
                            $"{difference.Path}: {difference.Legacy ?? "nothing"} | {difference.Lookup ?? "nothing"}",
                            TextTable.Width - 6
                        )
                    )
                    .Append('\n');
            }
        }
    }
}
