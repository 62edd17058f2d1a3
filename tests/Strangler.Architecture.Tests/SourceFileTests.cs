using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>The maximum width and length of a file of code: C#, SQL and shell.</summary>
public sealed class SourceFileTests
{
    private const int MaxColumns = 120;
    private const int MaxLines = 400;
    private const double MaxMedian = 60;

    /// <summary>Files that are wider: a statement a line, each with the rows of one table.</summary>
    private static readonly string[] Wide = ["compose/Strangler.Legacy/Database/seed.sql"];

    private static readonly IReadOnlyList<(string Path, IReadOnlyList<string> Lines)> Files =
    [
        .. Repository
            .Files.Where(file => IsCode(file, () => File.ReadLines(Repository.Full(file)).FirstOrDefault() ?? ""))
            .Select(file => (file, (IReadOnlyList<string>)File.ReadAllLines(Repository.Full(file)))),
    ];

    [Fact]
    public void Files_OfEachLanguage_AreFound()
    {
        var paths = Files.Select(file => file.Path).ToList();

        Assert.Contains("tests/Strangler.Architecture.Tests/SourceFileTests.cs", paths);
        Assert.Contains("compose/store-rights.sql", paths);
        Assert.Contains("compose/check", paths);
        Assert.Contains("strangler", paths);
    }

    [Fact]
    public void Line_OfAnyFile_HasNoMoreThan120Columns() =>
        Assert.Empty(Files.Where(file => !Wide.Contains(file.Path)).SelectMany(file => TooWide(file.Path, file.Lines)));

    [Fact]
    public void File_Any_HasNoMoreThan400Lines() =>
        Assert.Empty(Files.SelectMany(file => TooLong(file.Path, file.Lines.Count)));

    [Fact]
    public void File_OfTheProduct_HasNoMoreThan60LinesInTheMedian() =>
        Assert.InRange(
            Median(
                Files
                    .Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))
                    .Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
                    .Select(file => file.Lines.Count)
            ),
            1,
            MaxMedian
        );

    [Theory]
    [InlineData(MaxColumns, new string[0])]
    [InlineData(MaxColumns + 1, new[] { "Planted.cs:2: 121 columns" })]
    public void TooWide_PlantedLine_IsFoundAbove120Columns(int columns, string[] found) =>
        Assert.Equal(found, TooWide("Planted.cs", ["namespace Planted;", new string('x', columns)]));

    [Theory]
    [InlineData(MaxLines, new string[0])]
    [InlineData(MaxLines + 1, new[] { "Planted.cs: 401 lines" })]
    public void TooLong_PlantedFile_IsFoundAbove400Lines(int lines, string[] found) =>
        Assert.Equal(found, TooLong("Planted.cs", lines));

    [Theory]
    [InlineData(new[] { 500, 60, 1 }, 60)]
    [InlineData(new[] { 500, 61, 60, 1 }, 60.5)]
    public void Median_PlantedFiles_IsTheMiddleOne(int[] lines, double median) => Assert.Equal(median, Median(lines));

    [Theory]
    [InlineData("a/B.cs", "", true)]
    [InlineData("a/b.sql", "", true)]
    [InlineData("a/b", "#!/usr/bin/env bash", true)]
    [InlineData("tests/A/Golden/b.sql", "", false)]
    [InlineData("a/b.md", "#!/usr/bin/env bash", false)]
    [InlineData("a/Dockerfile", "FROM b", false)]
    public void IsCode_File_IsTold(string path, string firstLine, bool isCode) =>
        Assert.Equal(isCode, IsCode(path, () => firstLine));

    /// <summary>Scripts have no extension; what another program has written isn't our code.</summary>
    private static bool IsCode(string path, Func<string> firstLine) =>
        Path.GetExtension(path) switch
        {
            ".cs" => true,
            ".sql" => !path.Contains("/Golden/", StringComparison.Ordinal),
            ".sh" => true,
            "" => firstLine().StartsWith("#!", StringComparison.Ordinal),
            _ => false,
        };

    private static IEnumerable<string> TooWide(string path, IReadOnlyList<string> lines) =>
        from line in lines.Index()
        where line.Item.Length > MaxColumns
        select $"{path}:{line.Index + 1}: {line.Item.Length} columns";

    private static IEnumerable<string> TooLong(string path, int lines) =>
        lines > MaxLines ? [$"{path}: {lines} lines"] : [];

    private static double Median(IEnumerable<int> counts)
    {
        var sorted = counts.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2.0;
    }
}
