namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>The head of a request or answer as it came; each character stands for a byte.</summary>
/// <param name="StartLine">Its first line.</param>
/// <param name="Fields">
/// Its header lines, names as they were written, values without the white space around them.
/// </param>
internal sealed record RawMessage(string StartLine, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>What stands between the method and the version.</summary>
    public string Target =>
        StartLine[(StartLine.IndexOf(' ', StringComparison.Ordinal) + 1)..StartLine.LastIndexOf(' ')];

    public int Status => int.Parse(StartLine.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All values of a header, in their order.</summary>
    public IReadOnlyList<string> Values(string name) =>
        [
            .. Fields
                .Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(field => field.Value),
        ];

    /// <summary>The one value of a header; null where it has none.</summary>
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
