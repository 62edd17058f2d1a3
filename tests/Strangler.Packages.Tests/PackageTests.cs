using System.IO.Compression;
using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>What the packages contain and depend on.</summary>
[Trait("Category", "Long")]
public sealed class PackageTests(PackedFixture packed)
{
    private static readonly string[] Ids =
    [
        "Strangler.CdcBridge",
        "Strangler.ChangeLog",
        "Strangler.ChangeLog.Abstractions",
        "Strangler.ChangeLog.Kafka",
        "Strangler.Foundation",
        "Strangler.Hosting",
        "Strangler.Projections",
        "Strangler.Projections.Abstractions",
        "Strangler.Projections.Templates",
        "Strangler.Projections.Testing",
        "strangler",
    ];

    private const string Kafka = "Strangler.ChangeLog.Kafka";

    /// <summary>
    /// The engine needs the log on Kafka only to follow one, which neither a gateway nor the test kit does: they go
    /// without Kafka's client, which is large.
    /// </summary>
    private static readonly (string Package, string Reference) Unneeded = ("Strangler.Projections", Kafka);

    private IEnumerable<PackageFile> Libraries => packed.Packages.Values.Where(package => package.Assemblies.Count > 0);

    [Fact]
    public void Pack_Repository_MakesThesePackages() =>
        Assert.Equal(Ids, packed.Packages.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Package_Any_HasAReadmeAndADescriptionAndNoLicenceOfOurs() =>
        Assert.All(
            packed.Packages.Values,
            package =>
            {
                Assert.Contains("README.md", package.Files);
                Assert.Equal("README.md", package.Said("readme"));
                Assert.NotEqual("Package Description", package.Said("description"));
                Assert.Null(package.Said("license"));
                Assert.Null(package.Said("licenseUrl"));
            }
        );

    [Fact]
    public void Assembly_OfOurs_IsInOnePackage() =>
        Assert.Empty(
            Libraries
                .SelectMany(package => package.Assemblies.Keys)
                .GroupBy(name => name)
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        );

    /// <summary>A program that references only this package finds every assembly at run time.</summary>
    [Fact]
    public void Assembly_ThatIsReferencedByAPackage_IsInItOrInItsDependencies() =>
        Assert.Empty(
            from package in Libraries
            let reached = Reached(package).SelectMany(one => one.Assemblies.Keys).ToHashSet(StringComparer.Ordinal)
            from reference in package.Assemblies.Values.SelectMany(references => references).Distinct()
            where reference.StartsWith("Strangler.", StringComparison.Ordinal) && !reached.Contains(reference)
            where (package.Id, reference) != Unneeded
            select $"{package.Id} needs {reference}"
        );

    /// <summary>Packages of others that our assemblies reference directly.</summary>
    [Theory]
    [InlineData("Strangler.Foundation", "Dapper", "Npgsql")]
    [InlineData(Kafka, "Confluent.Kafka")]
    [InlineData("Strangler.Projections")]
    [InlineData("Strangler.Hosting", "Microsoft.AspNetCore.Authentication.JwtBearer", "Yarp.ReverseProxy")]
    [InlineData("Strangler.Projections.Abstractions")]
    [InlineData("Strangler.ChangeLog.Abstractions")]
    public void Package_OfOthers_IsADependency(string id, params string[] others) =>
        Assert.Equal(
            others,
            packed
                .Packages[id]
                .Dependencies.Keys.Where(name => !name.StartsWith("Strangler.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("Strangler.Hosting")]
    [InlineData("Strangler.Projections.Testing")]
    public void Package_ThatFollowsNoLog_ComesWithoutKafka(string id) =>
        Assert.DoesNotContain(Kafka, Reached(packed.Packages[id]).Select(package => package.Id));

    /// <summary>The code of a host sees <c>AddStrangler</c>, its options and the contract of projections.</summary>
    [Fact]
    public void Library_ForAHostsCode_IsOneAssemblyAndTheContract()
    {
        var library = packed.Packages["Strangler.Hosting"];

        Assert.Equal(
            ["ref/net10.0/Strangler.Hosting.dll", "ref/net10.0/Strangler.Hosting.xml"],
            library.Files.Where(file => file.StartsWith("ref/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["Strangler.Projections.Abstractions"],
            library.SeenDependencies.Where(packed.Packages.ContainsKey)
        );
    }

    [Fact]
    public void Dependency_OnAPackageOfOurs_IsOnItsVersionAlone() =>
        Assert.All(
            from package in Libraries
            from dependency in package.Dependencies
            where packed.Packages.ContainsKey(dependency.Key)
            select (package, dependency.Value),
            one => Assert.Equal($"[{one.package.Version}]", one.Value)
        );

    [Fact]
    public void Package_WithAssemblies_HasTheirSymbols() =>
        Assert.All(
            Libraries,
            package =>
            {
                using var symbols = ZipFile.OpenRead(
                    Path.Combine(packed.Feed, $"{package.Id}.{package.Version}.snupkg")
                );
                Assert.Equal(
                    package.Assemblies.Keys.Select(name => $"{name}.pdb").Order(StringComparer.Ordinal),
                    symbols
                        .Entries.Select(entry => entry.Name)
                        .Where(name => name.EndsWith(".pdb", StringComparison.Ordinal))
                        .Order(StringComparer.Ordinal)
                );
            }
        );

    private HashSet<PackageFile> Reached(PackageFile package)
    {
        var (reached, left) = (new HashSet<PackageFile>(), new Queue<PackageFile>([package]));
        while (left.TryDequeue(out var one))
        {
            if (!reached.Add(one))
                continue;
            foreach (var id in one.Dependencies.Keys)
            {
                if (packed.Packages.TryGetValue(id, out var dependency))
                    left.Enqueue(dependency);
            }
        }
        return reached;
    }
}
