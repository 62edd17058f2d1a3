using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strangler.Comparing.Paths;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>
/// A JSON text, indented with one value per line, with the values at some paths marked. Lines far from a marked line
/// are folded away.
/// </summary>
internal static class MarkedJson
{
    private const int Around = 3;
    private const int MaxLines = 20_000;
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="json">The text; if it is not JSON, it is shown unchanged.</param>
    /// <param name="paths">Paths as the comparer writes them.</param>
    public static Markup Of(string json, IReadOnlySet<string> paths)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var lines = new List<Line>();
            Add(document.RootElement, new StringBuilder("$"), "", "", 0, false, paths, lines);
            return Fold(lines);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Markup.Of($"{json}"); // cut off, or not JSON
        }
    }

    private static void Add(
        JsonElement value,
        StringBuilder path,
        string before,
        string after,
        int depth,
        bool inMarked,
        IReadOnlySet<string> paths,
        List<Line> lines
    )
    {
        if (lines.Count >= MaxLines)
            return;
        var marked = inMarked || paths.Contains(path.ToString());
        var indent = new string(' ', depth * 2);
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            lines.Add(new(indent + before, JsonSerializer.Serialize(value, Readable), after, marked));
            return;
        }
        var (open, close) = value.ValueKind == JsonValueKind.Object ? ("{", "}") : ("[", "]");
        var count = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Count() : value.GetArrayLength();
        if (count == 0)
        {
            lines.Add(new(indent + before, open + close, after, marked));
            return;
        }
        lines.Add(new(indent + before, open, "", marked));
        var length = path.Length;
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                PathText.AppendName(path, member.Name);
                Add(
                    member.Value,
                    path,
                    JsonSerializer.Serialize(member.Name, Readable) + ": ",
                    --count > 0 ? "," : "",
                    depth + 1,
                    marked,
                    paths,
                    lines
                );
                path.Length = length;
            }
        }
        else
        {
            var index = 0;
            foreach (var element in value.EnumerateArray())
            {
                PathText.AppendIndex(path, index++);
                Add(element, path, "", --count > 0 ? "," : "", depth + 1, marked, paths, lines);
                path.Length = length;
            }
        }
        lines.Add(new(indent, close, after, marked));
    }

    private static Markup Fold(List<Line> lines)
    {
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Marked)
                Array.Fill(
                    near,
                    true,
                    Math.Max(0, i - Around),
                    Math.Min(lines.Count, i + Around + 1) - Math.Max(0, i - Around)
                );
        }
        if (!Array.Exists(near, one => one))
            Array.Fill(near, true, 0, Math.Min(lines.Count, 40));
        var html = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (near[i])
            {
                var line = lines[i];
                html.Append(
                    (
                        line.Marked
                            ? Markup.Of($"{line.Before}<mark>{line.Value}</mark>{line.After}\n")
                            : Markup.Of($"{line.Before}{line.Value}{line.After}\n")
                    ).Html
                );
                continue;
            }
            var folded = i;
            while (i + 1 < lines.Count && !near[i + 1])
                i++;
            html.Append(Markup.Of($"""<span class="fold">… {i - folded + 1} lines</span>""").Html).Append('\n');
        }
        return new(html.ToString());
    }

    private sealed record Line(string Before, string Value, string After, bool Marked);
}
