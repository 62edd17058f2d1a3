using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Strangler.Comparing.Paths;

/// <summary>
/// A path in RFC 9535's syntax: root, names in dot and bracket form, index, wildcard, descendants. Two paths are equal
/// if they mean the same.
/// </summary>
/// <remarks>
/// Our own, and no library: a library evaluates a path against a document that is parsed already, while rules are met
/// while two bodies are walked once; faults name the character, and equal paths must have one text, since evidence is
/// about one set of rules.
/// </remarks>
internal sealed class PathPattern : IEquatable<PathPattern>
{
    private readonly string _canonical;

    private PathPattern(string text, IReadOnlyList<PathSegment> segments)
    {
        Text = text;
        Segments = segments;
        _canonical = Canonical(segments);
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    public IReadOnlyList<PathSegment> Segments { get; }

    /// <summary>Whether it has names only, so that it means one place.</summary>
    public bool IsNames => Segments.All(segment => segment is { Descendant: false, Name: not null });

    /// <exception cref="FormatException">The text is not a path.</exception>
    public static PathPattern Parse(string text) =>
        TryParse(text, out var pattern, out var fault)
            ? pattern
            : throw new FormatException($"At character {fault.Position} {fault.Problem}.");

    public static bool TryParse(string text, [NotNullWhen(true)] out PathPattern? pattern, out PathFault fault)
    {
        var parsing = new PathParser(text);
        var segments = parsing.Read();
        pattern = segments is null ? null : new PathPattern(text, segments);
        fault = parsing.Fault;
        return pattern is not null;
    }

    public bool Equals(PathPattern? other) => other is not null && _canonical == other._canonical;

    public override bool Equals(object? obj) => Equals(obj as PathPattern);

    public override int GetHashCode() => _canonical.GetHashCode(StringComparison.Ordinal);

    /// <summary>One text for all paths that mean the same.</summary>
    public override string ToString() => _canonical;

    private static string Canonical(IReadOnlyList<PathSegment> segments)
    {
        var text = new StringBuilder("$");
        foreach (var segment in segments)
        {
            if (segment.Descendant)
                text.Append("..");
            if (segment.Name is { } name)
            {
                var from = text.Length;
                PathText.AppendName(text, name);
                if (segment.Descendant && text[from] == '.')
                    text.Remove(from, 1);
            }
            else if (segment.Index is { } index)
                PathText.AppendIndex(text, index);
            else
                text.Append("[*]");
        }
        return text.ToString();
    }
}
