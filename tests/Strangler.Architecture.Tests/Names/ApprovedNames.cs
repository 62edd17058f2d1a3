using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// Files of names on which teams, stores and dashboards depend: renaming something in the code can't change them
/// unnoticed. <c>STRANGLER_GOLDEN=write</c> rewrites them; check the result before keeping it.
/// </summary>
internal static class ApprovedNames
{
    private const string Folder = "tests/Strangler.Architecture.Tests/Names/Approved";
    private const string Rule = "# A change here needs a line in CHANGELOG.md, and a migration where it is stored.";

    /// <param name="name">The file's name.</param>
    /// <param name="title">What it lists, and who depends on it.</param>
    /// <param name="lines">The current names.</param>
    public static void Equal(string name, string title, IEnumerable<string> lines)
    {
        var (path, actual) = ($"{Folder}/{name}.txt", (string[])[$"# {title}", Rule, "", .. lines]);
        var file = Repository.Full(path);
        if (Environment.GetEnvironmentVariable("STRANGLER_GOLDEN") == "write")
            File.WriteAllText(file, string.Join('\n', actual) + "\n");
        var approved = File.Exists(file) ? File.ReadAllText(file).TrimEnd('\n').Split('\n') : [];
        if (!approved.SequenceEqual(actual, StringComparer.Ordinal))
            Assert.Fail($"{path}:\n{Difference(approved, actual)}\n{Rule}\nSTRANGLER_GOLDEN=write writes the file.");
    }

    private static string Difference(string[] approved, string[] actual)
    {
        var (before, after) = (Placed(approved), Placed(actual));
        IEnumerable<string> lines =
        [
            .. before.Except(after).Select(line => $"- {line}"),
            .. after.Except(before).Select(line => $"+ {line}"),
        ];
        return string.Join('\n', lines.DefaultIfEmpty("The lines are the same, in another order or number."));
    }

    /// <summary>Each line after its parent, because the same name may occur in several places.</summary>
    private static List<string> Placed(string[] lines) =>
        [
            .. lines.Select(
                (line, i) =>
                    lines[..i].LastOrDefault(above => Indent(above) < Indent(line) && above.Trim() is not ("" or "{"))
                        is { } heading
                        ? $"{heading.Trim()}: {line.Trim()}"
                        : line
            ),
        ];

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
