using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>
/// The pictures of the namespaces are those of the built assemblies. <c>STRANGLER_GOLDEN=write</c> draws them again, to
/// be looked at before they are kept.
/// </summary>
public sealed class NamespacePictureTests
{
    private const string Path = "docs/architecture.md";
    private const string Begin = "<!-- Drawn by NamespacePictureTests: -->\n";
    private const string End = "\n<!-- End of what is drawn. -->\n";
    private const string Heading = "### ";

    [Fact]
    public void Page_Pictures_AreThoseOfTheAssemblies()
    {
        var file = Repository.Full(Path);
        var drawn = string.Concat(Rooms.MayReference.Keys.SelectMany(Lines).Select(line => line + "\n"));
        var (before, kept, after) = Parts(File.ReadAllText(file));
        if (Environment.GetEnvironmentVariable("STRANGLER_GOLDEN") == "write")
            File.WriteAllText(file, before + (kept = drawn) + after);

        if (kept != drawn)
            Assert.Fail($"{Path}:\n{Difference(kept, drawn)}\nSTRANGLER_GOLDEN=write draws the pictures again.");
    }

    [Fact]
    public void Draw_Use_IsLeftOutIfItFollowsFromOthers()
    {
        var uses = new HashSet<(string, string)>
        {
            ("A.B", "A.B.C"),
            ("A.B", "A.B.D.E"),
            ("A.B", "A.B.F"),
            ("A.B.C", "A.B.D.E"),
        };

        var picture = NamespacePicture.Draw(["A.B", "A.B.C", "A.B.D.E", "A.B.F", "A.B.Alone"], uses);

        Assert.Equal(["```mermaid", "flowchart TD", "    B --> C & F", "    Alone", "    C --> D.E", "```"], picture);
    }

    [Fact]
    public void Difference_PlantedArrow_IsNamedWithItsProject() =>
        Assert.Equal(
            "- A:     B --> C\n+ A:     B --> C & D",
            Difference("### A\n    B --> C\n### B\n    E", "### A\n    B --> C & D\n### B\n    E")
        );

    private static IEnumerable<string> Lines(string project)
    {
        using var assembly = AssemblyReferences.Of(project);
        var picture = NamespacePicture.Draw(assembly.Namespaces, assembly.NamespaceUses());
        return picture.Count == 0 ? [] : ["", Heading + project, "", .. picture];
    }

    private static (string Before, string Kept, string After) Parts(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return (page[..begin], page[begin..end], page[end..]);
    }

    private static string Difference(string kept, string drawn)
    {
        var (before, after) = (Placed(kept), Placed(drawn));
        IEnumerable<string> lines =
        [
            .. before.Except(after).Select(line => $"- {line}"),
            .. after.Except(before).Select(line => $"+ {line}"),
        ];
        return string.Join('\n', lines.DefaultIfEmpty("The lines are the same, in another order or number."));
    }

    /// <summary>Each line behind the heading that it stands below.</summary>
    private static List<string> Placed(string text)
    {
        var (heading, placed) = ("", new List<string>());
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
                heading = line[Heading.Length..];
            placed.Add($"{heading}: {line}");
        }
        return placed;
    }
}
