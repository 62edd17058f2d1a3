using PublicApiGenerator;
using Strangler.Hosting;
using Strangler.Projections;
using Strangler.Projections.Testing;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// A projection's version hashes the names of everything that its code references: a renamed member of the contract
/// changes the versions of unchanged projections, so that every document is built again and all evidence starts over.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public void Contract_PublicSurface_IsTheApproved() =>
        ApprovedNames.Equal(
            "contract",
            "The contract of projections. Teams compile against it, and versions of projections depend on each name.",
            PublicSurface(typeof(IProjection<,>))
        );

    [Fact]
    public void TestKit_PublicSurface_IsTheApproved() =>
        ApprovedNames.Equal(
            "test-kit",
            "The test kit of projections. Tests of teams compile against it.",
            PublicSurface(typeof(ProjectionTest<,,>))
        );

    [Fact]
    public void Library_PublicSurface_IsTheApproved() =>
        ApprovedNames.Equal(
            "library",
            "What a host of YARP adds. Hosts of teams compile against it.",
            PublicSurface(typeof(StranglerOptions))
        );

    private static string[] PublicSurface(Type type) =>
        type
            .Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n")
            .TrimEnd('\n')
            .Split('\n');
}
