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
        "Strangler.Gateway",
        "Strangler.Projections.Abstractions",
        "Strangler.Projections.Templates",
        "Strangler.Projections.Testing",
        "strangler",
    ];

    /// <summary>
    /// The engine follows a log on Kafka, and the test kit doesn't: it goes without Kafka's client, which is large.
    /// </summary>
    private static readonly (string Package, string Reference) Unneeded = (
        "Strangler.Projections.Testing",
        "Strangler.ChangeLog.Kafka"
    );

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
    [InlineData("Strangler.ChangeLog.Kafka", "Confluent.Kafka")]
    [InlineData("Strangler.Gateway", "Microsoft.AspNetCore.Authentication.JwtBearer", "Yarp.ReverseProxy")]
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
