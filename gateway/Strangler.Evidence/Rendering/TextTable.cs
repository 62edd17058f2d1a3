using System.Text;

namespace Strangler.Evidence.Rendering;

/// <summary>
/// Lays out plain text within <see cref="Width"/> columns: the first column gives way, numbers stand at the right.
/// </summary>
internal static class TextTable
{
    public const int Width = 80;

    /// <param name="text">Where it is written to.</param>
    /// <param name="head">The columns' heads; one that begins with <c>&gt;</c> stands at the right.</param>
    /// <param name="rows">Cells, one a column.</param>
    public static void Write(StringBuilder text, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = head.Select(
                (cell, column) => rows.Select(row => row[column].Length).Append(Bare(cell).Length).Max()
            )
            .ToArray();
        var others = widths.Skip(1).Sum() + (2 * head.Count);
        widths[0] = Math.Max(8, Math.Min(widths[0], Width - others));
        Line(text, head, head.Select(Bare).ToList(), widths);
        foreach (var row in rows)
            Line(text, head, row, widths);
    }

    /// <summary>A paragraph, broken at spaces.</summary>
    /// <param name="text">Where it is written to.</param>
    /// <param name="words">What it says.</param>
    /// <param name="first">Before its first line.</param>
    /// <param name="rest">Before every other.</param>
    public static void Paragraph(StringBuilder text, string words, string first, string rest)
    {
        var line = new StringBuilder(first);
        var empty = true;
        foreach (
            var word in Clean(words)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(word => Pieces(word, Width - rest.Length))
        )
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(rest);
                empty = true;
            }
            if (!empty)
                line.Append(' ');
            line.Append(word);
            empty = false;
        }
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    /// <summary>What a terminal would take as a command is shown, and not done.</summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(character => char.IsControl(character) ? '·' : character))
            : text;

    /// <summary>The text, with its middle left out where it is longer.</summary>
    public static string Fit(string text, int most)
    {
        text = Clean(text);
        if (text.Length <= most)
            return text;
        var tail = (most - 1) / 2;
        return $"{text[..(most - 1 - tail)]}…{text[^tail..]}";
    }

    private static string Bare(string head) => head.TrimStart('>');

    private static void Line(StringBuilder text, IReadOnlyList<string> head, IReadOnlyList<string> cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Count; column++)
        {
            var cell = Fit(cells[column], widths[column]);
            line.Append("  ")
                .Append(head[column].StartsWith('>') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        }
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private static IEnumerable<string> Pieces(string word, int most)
    {
        for (; word.Length > most; word = word[most..])
            yield return word[..most];
        yield return word;
    }
}
