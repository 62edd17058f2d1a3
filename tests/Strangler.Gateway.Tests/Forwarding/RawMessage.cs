namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>The head of a request or answer as received. Each character represents a byte.</summary>
/// <param name="StartLine">Its first line.</param>
/// <param name="Fields">Its header lines: names as written, values without surrounding white space.</param>
internal sealed record RawMessage(string StartLine, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>The text between the method and the version.</summary>
    public string Target =>
        StartLine[(StartLine.IndexOf(' ', StringComparison.Ordinal) + 1)..StartLine.LastIndexOf(' ')];

    public int Status => int.Parse(StartLine.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All values of a header, in order.</summary>
    public IReadOnlyList<string> Values(string name) =>
        [
            .. Fields
                .Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(field => field.Value),
        ];

    /// <summary>The single value of a header. Null if it has none.</summary>
    public string? Value(string name) => Values(name).SingleOrDefault();

    public static RawMessage Parse(string head)
    {
        var lines = head.Split("\r\n");
        return new(lines[0], [.. lines.Skip(1).Where(line => line.Length > 0).Select(Field)]);
    }

    private static (string Name, string Value) Field(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }
}
