using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>
/// The namespaces of an assembly depend on each other in one direction. A constant or <c>nameof</c> leaves no trace in
/// an assembly, so the sources' <c>using</c> directives count too: the compiler refuses those that nothing needs.
/// </summary>
public sealed partial class NamespaceTests
{
    public static TheoryData<string> Projects => [.. Rooms.MayReference.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_OfAnAssembly_IsInNoCircleWithAnother(string project)
    {
        using var assembly = AssemblyReferences.Of(project);

        var names = assembly.Namespaces.ToHashSet();
        var sources = Sources(project).SelectMany(code => Usings(code, names));
        Assert.Empty(Circles(assembly.NamespaceUses().Concat(sources).ToHashSet()));
    }

    [Fact]
    public void Sources_OfEveryProject_AreFound() =>
        Assert.All(Rooms.MayReference.Keys, project => Assert.NotEmpty(Sources(project)));

    [Theory]
    [InlineData("using A.C;\n\nnamespace A.B;", "A.B uses A.C")]
    [InlineData("using static A.C.Limits;\n\nnamespace A.B;", "A.B uses A.C")]
    [InlineData("using Limits = A.C.Limits;\n\nnamespace A.B;", "A.B uses A.C")]
    [InlineData("namespace A.B;\n\nclass D { int E => A.C.Limits.Max; }", "A.B uses A.C")]
    [InlineData("using A.B;\nusing System.Text;\n\n// see using A.C;\nnamespace A.B;", "")]
    public void Usings_PlantedOffender_IsFound(string code, string found) =>
        Assert.Equal(
            found,
            string.Join(
                ", ",
                Usings(code, new HashSet<string> { "A.B", "A.C" }).Select(use => $"{use.From} uses {use.To}")
            )
        );

    /// <summary>What the compiler writes into an assembly beside code, signatures and base types.</summary>
    [Theory]
    [InlineData(nameof(Offenders.MarkedType), nameof(Offenders.MarkAttribute), 1)]
    [InlineData(nameof(Offenders.MarkedMembers), nameof(Offenders.MarkAttribute), 4)]
    [InlineData("BoundType`1", nameof(Offenders.IBound), 1)]
    [InlineData(nameof(Offenders.BoundMethod), nameof(Offenders.IBound), 1)]
    public void Uses_PlantedAttributeOrConstraint_IsFound(string type, string used, int times)
    {
        using var assembly = new AssemblyReferences(typeof(Offenders.Clock).Assembly.Location);

        Assert.Equal(
            times,
            assembly
                .Uses("Strangler.Architecture.Tests.Offenders")
                .Count(use => use.Type == type && use.Reference.Contains(used, StringComparison.Ordinal))
        );
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

    private static IEnumerable<string> Sources(string project)
    {
        var file = Repository.Files.Single(path => Path.GetFileName(path) == $"{project}.csproj");
        var folder = file[..(file.LastIndexOf('/') + 1)];
        return Repository
            .Files.Where(path =>
                path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
            )
            .Select(path => File.ReadAllText(Repository.Full(path)));
    }

    /// <summary>The namespaces that a file names, in its directives and in full names.</summary>
    private static IEnumerable<(string From, string To)> Usings(string code, IReadOnlySet<string> names)
    {
        if (Place().Match(code) is not { Success: true } place)
            return [];
        var from = place.Groups["name"].Value;
        return QualifiedName()
            .Matches(CommentOrText().Replace(code, ""))
            .Select(name => Nearest(name.Value, names))
            .OfType<string>()
            .Where(to => to != from)
            .Distinct()
            .Select(to => (from, to));
    }

    /// <summary>The longest namespace with which the name begins; null: it is another assembly's.</summary>
    private static string? Nearest(string name, IReadOnlySet<string> names)
    {
        var next = name;
        while (!names.Contains(next))
        {
            var dot = next.LastIndexOf('.');
            if (dot < 0)
                return null;
            next = next[..dot];
        }
        return next;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"\b[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"//.*|""(?:\\.|[^""\\\n])*""")]
    private static partial Regex CommentOrText();

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
