using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>The namespaces of an assembly depend on each other in one direction.</summary>
public sealed class NamespaceTests
{
    public static TheoryData<string> Projects => [.. Rooms.MayReference.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_OfAnAssembly_IsInNoCircleWithAnother(string project)
    {
        using var assembly = AssemblyReferences.Of(project);

        Assert.Empty(Circles(assembly.NamespaceUses()));
    }

    [Fact]
    public void Circles_PlantedOffender_IsFoundOverAThirdToo()
    {
        IReadOnlySet<(string, string)> uses = new HashSet<(string, string)>
        {
            ("A", "B"),
            ("B", "C"),
            ("C", "A"),
            ("D", "A"),
        };

        Assert.Equal(["A, B, C"], Circles(uses));
    }

    /// <summary>The namespaces that reach each other, one cycle per line.</summary>
    private static List<string> Circles(IReadOnlySet<(string From, string To)> uses)
    {
        var names = uses.SelectMany(use => new[] { use.From, use.To })
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var reached = names.ToDictionary(name => name, name => Arrows.Reached(name, uses));
        return
        [
            .. names
                .Select(name =>
                    string.Join(
                        ", ",
                        names.Where(other => reached[name].Contains(other) && reached[other].Contains(name))
                    )
                )
                .Where(circle => circle.Length > 0)
                .Distinct(),
        ];
    }
}
