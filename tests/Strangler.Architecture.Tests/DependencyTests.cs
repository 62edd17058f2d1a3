using System.Text.RegularExpressions;
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

    [GeneratedRegex(@"^\[Npgsql\]Npgsql\.Npgsql(Command|Batch|Connection|DataReader|Parameter|Transaction)$")]
    private static partial Regex Commands();

    [GeneratedRegex(
        @"\b(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s"
            + @"|(create|alter|drop)\s+(table|schema|index|publication)\s)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Sql();
}
