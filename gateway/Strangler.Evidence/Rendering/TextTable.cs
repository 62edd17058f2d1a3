using System.Text;

namespace Strangler.Evidence.Rendering;

/// <summary>
/// Lays out plain text within <see cref="Width"/> columns: the first column shrinks, numbers are right-aligned.
/// </summary>
internal static class TextTable
{
    public const int Width = 80;

    /// <param name="text">The target.</param>
    /// <param name="head">The columns' headings; one that starts with <c>&gt;</c> is right-aligned.</param>
    /// <param name="rows">Cells, one per column.</param>
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

    /// <summary>A paragraph, wrapped at spaces.</summary>
    /// <param name="text">The target.</param>
    /// <param name="words">Its text.</param>
    /// <param name="first">The prefix of its first line.</param>
    /// <param name="rest">The prefix of every other line.</param>
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

    /// <summary>Makes characters that a terminal would run as commands visible instead.</summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(character => char.IsControl(character) ? '·' : character))
            : text;

    /// <summary>The text; if it is too long, its middle is left out.</summary>
    public static string Fit(string text, int max)
    {
        text = Clean(text);
        if (text.Length <= max)
            return text;
        var tail = (max - 1) / 2;
        return $"{text[..(max - 1 - tail)]}…{text[^tail..]}";
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

    private static IEnumerable<string> Pieces(string word, int max)
    {
        for (; word.Length > max; word = word[max..])
            yield return word[..max];
        yield return word;
    }
}
