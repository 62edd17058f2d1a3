using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The diff that makes a host of YARP one with Strangler is that of the sample, and is short.</summary>
public sealed class SampleHostDiffTests
{
    private const string Page = "docs/getting-started.md";
    private const string Sample = "compose/Strangler.SampleHost";
    private const int TooMany = 10;

    private static string Diff => Assert.Single(MarkdownFile.Read(Page).Blocks("diff"));

    [Fact]
    public void Diff_OfThePage_IsShort() => Assert.InRange(Diff.Split('\n').Count(IsChange), 1, TooMany - 1);

    [Fact]
    public void Diff_OfThePage_IsTheWholeOneOfTheSample()
    {
        Assert.Equal(
            ["Program.cs", "Strangler.SampleHost.csproj", "appsettings.json"],
            Files(Diff).Select(file => file.Name).Order(StringComparer.Ordinal)
        );
        Assert.Empty(
            from file in Files(Diff)
            from fault in Faults(file.Lines, File.ReadAllText(Repository.Full($"{Sample}/{file.Name}")))
            select $"{file.Name}: {fault}"
        );
    }

    [Theory]
    [InlineData(" a\n+Strangler", "a\nStrangler\nb")]
    [InlineData("@@\n-a;\n+a\n+Strangler;\n@@\n b", "a\nStrangler;\nb")]
    [InlineData(
        " a\n+Strangler",
        "a\nc\nStrangler",
        "The sample has no: a\nStrangler",
        "The diff leaves out: Strangler"
    )]
    [InlineData(" a\n+Strangler", "a\nStrangler\nb.Strangler", "The diff leaves out: b.Strangler")]
    public void Faults_PlantedDiff_AreFound(string diff, string sample, params string[] found) =>
        Assert.Equal(found, Faults(diff.Split('\n'), sample));

    private static IEnumerable<(string Name, IReadOnlyList<string> Lines)> Files(string diff) =>
        from file in diff.Split("+++ ", StringSplitOptions.RemoveEmptyEntries)
        let lines = file.TrimEnd('\n').Split('\n')
        select (lines[0], (IReadOnlyList<string>)lines[1..]);

    /// <summary>Each hunk stands in the sample, and nothing of Strangler does beside them.</summary>
    private static IEnumerable<string> Faults(IReadOnlyList<string> diff, string sample)
    {
        var rest = $"\n{sample}\n";
        foreach (var hunk in Hunks(diff))
        {
            var (after, before) = (After(hunk), Lines(hunk.Where(line => line[0] != '+').Select(line => line[1..])));
            if (!rest.Contains($"\n{after}", StringComparison.Ordinal))
                yield return $"The sample has no: {after.TrimEnd('\n')}";
            rest = rest.Replace($"\n{after}", $"\n{before}", StringComparison.Ordinal);
        }
        foreach (var line in rest.Split('\n').Where(line => line.Contains("Strangler", StringComparison.Ordinal)))
            yield return $"The diff leaves out: {line}";
    }

    private static IEnumerable<IReadOnlyList<string>> Hunks(IReadOnlyList<string> diff)
    {
        var hunk = new List<string>();
        foreach (var line in diff.Append("@@"))
        {
            if (line != "@@")
                hunk.Add(line);
            else if (hunk.Count > 0)
            {
                yield return hunk;
                hunk = [];
            }
        }
    }

    private static string After(IEnumerable<string> hunk) =>
        Lines(hunk.Where(line => line[0] != '-').Select(line => line[1..]));

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + '\n'));

    private static bool IsChange(string line) =>
        line.Length > 0 && line[0] is '+' or '-' && !line.StartsWith("+++ ", StringComparison.Ordinal);
}
