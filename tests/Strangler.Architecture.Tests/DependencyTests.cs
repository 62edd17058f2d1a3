using System.Text.RegularExpressions;
using Strangler.Architecture.Tests.Documentation;
using Xunit;

namespace Strangler.Architecture.Tests;

public sealed partial class DependencyTests
{
    public static TheoryData<string> Projects => [.. Rooms.MayReference.Keys];

    [Fact]
    public void Projects_OfTheProduct_AreAllEntered() =>
        Assert.Equal(
            Rooms.MayReference.Keys.Order(StringComparer.Ordinal),
            ProjectFile.OfTheProduct().Select(project => project.Name).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_References_PointOneWay(string project)
    {
        var file = ProjectFile.OfTheProduct().Single(one => one.Name == project);

        Assert.Empty(file.Projects.Except(Rooms.MayReference[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_References_PointOneWay(string project)
    {
        using var assembly = AssemblyReferences.Of(project);

        var ours = assembly.Assemblies.Where(name =>
            name.StartsWith("Strangler.", StringComparison.Ordinal) || name == "strangler"
        );

        Assert.Empty(ours.Except(Rooms.MayReference[project]));
    }

    [Fact]
    public void Page_TableOfDependencies_IsThatOfTheRooms() =>
        Assert.Empty(Differing(MarkdownFile.Read("docs/architecture.md")));

    [Theory]
    [InlineData("| `Strangler.Comparing` | `Foundation` |", "Strangler.Comparing: Foundation")]
    [InlineData("| `Strangler.Legacy` | `Comparing` |", "Strangler.Legacy: Comparing")]
    [InlineData("| `Strangler.Nothing` | nothing |", "Strangler.Nothing: ")]
    public void Differing_PlantedRow_IsFound(string row, string found) =>
        Assert.Contains(
            found,
            Differing(new("docs/planted.md", $"| Project | May reference |\n|-|-|\n{row}")),
            StringComparer.Ordinal
        );

    [Fact]
    public void Differing_ProjectLeftOut_IsFound() =>
        Assert.Contains("Strangler.Gateway: left out", Differing(new("docs/planted.md", "")));

    /// <summary>Writers and readers have the log that the configuration describes.</summary>
    [Theory]
    [InlineData("Strangler.ChangeLog.Kafka.KafkaChangeLog", "ConfiguredLog")]
    [InlineData("Strangler.ChangeLog.Embedded.EmbeddedChangeLog", "ChangeLogFactory")]
    public void Log_OfAnyKind_IsOpenedByItsFactoryAlone(string log, string factory)
    {
        var makers = Rooms.MayReference.Keys.SelectMany(project =>
        {
            using var assembly = AssemblyReferences.Of(project);
            return assembly
                .Uses("Strangler")
                .Where(use => use.Reference.Contains($"{log}::.ctor ", StringComparison.Ordinal))
                .Select(use => use.Type)
                .Where(type => type != log.Split('.')[^1])
                .ToList();
        });

        Assert.Equal([factory], makers.Distinct());
    }

    /// <summary>Nothing of the product stands on the demo.</summary>
    [Fact]
    public void Namespaces_OfTheCliThatReachTheDemo_AreItsCommandsAlone()
    {
        using var assembly = AssemblyReferences.Of(Rooms.Cli);

        Assert.Equal(Rooms.MayReachDemo, assembly.NamespacesThatUse(Rooms.Demo));
    }

    [Theory]
    [InlineData(Rooms.Positions, "Strangler.ChangeLog")]
    [InlineData(Rooms.Contract, "Strangler.Projections")]
    [InlineData(Rooms.Comparing, "Strangler.Comparing")]
    public void Project_ThatIsPure_HasNoPackagesAndDoesNoIo(string project, string name)
    {
        Assert.Empty(ProjectFile.OfTheProduct().Single(file => file.Name == project).Packages);
        using var assembly = AssemblyReferences.Of(project);

        Assert.All(
            assembly.Assemblies.Except(Rooms.MayReference[project]),
            reference => Assert.StartsWith("System.", reference, StringComparison.Ordinal)
        );
        Assert.Empty(assembly.Uses(name).Where(use => Purity.Forbids(use.Reference) is not null).Distinct());
    }

    [Theory]
    [InlineData(Rooms.Cli)]
    [InlineData(Rooms.LegacyProjections)]
    [InlineData(Rooms.LegacyFaults)]
    public void Assembly_ThatOnlyComposesOrDecides_HasNoSql(string project)
    {
        using var assembly = AssemblyReferences.Of(project);

        Assert.DoesNotContain("Dapper", assembly.Assemblies);
        Assert.Empty(
            assembly
                .Types.Where(type => type.StartsWith("[Npgsql]", StringComparison.Ordinal) && Commands().IsMatch(type))
                .ToList()
        );
        Assert.Empty(assembly.Texts().Where(text => Sql().IsMatch(text)).ToList());
    }

    [Theory]
    [InlineData("select a from b", true)]
    [InlineData("INSERT INTO x VALUES (1)", true)]
    [InlineData("update a set b = 1", true)]
    [InlineData("Select a route and promote it.", false)]
    [InlineData("Update the program.", false)]
    public void Sql_Text_IsTold(string text, bool sql) => Assert.Equal(sql, Sql().IsMatch(text));

    /// <summary>Rows that aren't those of <see cref="Rooms.MayReference"/>.</summary>
    private static List<string> Differing(MarkdownFile page)
    {
        var rows = page.Rows.Where(row => row.Titles[0] == "Project" && row.Titles[^1] == "May reference").ToList();
        var known = Rooms.MayReference.ToDictionary(
            room => room.Key,
            room => room.Value.Select(Short).Order(StringComparer.Ordinal)
        );
        return
        [
            .. from row in rows
            let project = row.Code("Project")
            let references = Span().Matches(row["May reference"]).Select(span => span.Groups["name"].Value)
            where
                !known.TryGetValue(project, out var may)
                || !may.SequenceEqual(references.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            select $"{project}: {string.Join(", ", references)}",
            .. known.Keys.Except(rows.Select(row => row.Code("Project"))).Select(project => $"{project}: left out"),
        ];
    }

    private static string Short(string project) => project["Strangler.".Length..];

    [GeneratedRegex("`(?<name>[\\w.]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"^\[Npgsql\]Npgsql\.Npgsql(Command|Batch|Connection|DataReader|Parameter|Transaction)$")]
    private static partial Regex Commands();

    [GeneratedRegex(
        @"\b(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s"
            + @"|(create|alter|drop)\s+(table|schema|index|publication)\s)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Sql();
}
