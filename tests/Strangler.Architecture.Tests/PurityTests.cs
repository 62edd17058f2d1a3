using Xunit;

namespace Strangler.Architecture.Tests;

public sealed class PurityTests
{
    public static TheoryData<string, string, string[]> Namespaces =>
        [
            .. Purity.Namespaces.Select(pure => new TheoryDataRow<string, string, string[]>(
                pure.Project,
                pure.Namespace,
                pure.CarryOut
            )),
        ];

    [Theory]
    [MemberData(nameof(Namespaces))]
    public void Namespace_ThatDecides_ReachesNothingOutside(string project, string name, string[] carryOut)
    {
        using var assembly = AssemblyReferences.Of(project);

        var uses = assembly.Uses(name).ToList();
        var impure = uses.Where(use => Purity.Forbids(use.Reference) is not null).ToList();

        Assert.NotEmpty(uses);
        Assert.Empty(
            impure
                .Where(use => !carryOut.Contains(use.Type))
                .Select(use => $"{use.Type} uses {use.Reference}")
                .Distinct()
        );
        // an obsolete exception is removed from the list
        Assert.Empty(carryOut.Except(impure.Select(use => use.Type)));
    }

    [Theory]
    [InlineData(nameof(Offenders.Clock), "System.TimeProvider")]
    [InlineData(nameof(Offenders.Dice), "System.Random")]
    [InlineData(nameof(Offenders.Reader), "System.IO.File")]
    [InlineData(nameof(Offenders.Waiter), "System.Threading.Tasks.Task::Delay")]
    [InlineData(nameof(Offenders.Caller), "[System.Net.Http]")]
    [InlineData(nameof(Offenders.Store), "[Npgsql")]
    [InlineData(nameof(Offenders.Lambda), "System.Guid::NewGuid")]
    public void Forbids_PlantedOffender_IsCaught(string type, string forbidden)
    {
        using var assembly = new AssemblyReferences(typeof(Offenders.Clock).Assembly.Location);

        var caught = assembly
            .Uses("Strangler.Architecture.Tests.Offenders")
            .Where(use => use.Type == type)
            .Select(use => Purity.Forbids(use.Reference))
            .OfType<string>()
            .Distinct();

        Assert.Equal([forbidden], caught);
    }

    [Fact]
    public void Forbids_PlantedInnocent_IsLeftAlone()
    {
        using var assembly = new AssemblyReferences(typeof(Offenders.Clock).Assembly.Location);

        var uses = assembly
            .Uses("Strangler.Architecture.Tests.Offenders")
            .Where(use => use.Type == nameof(Offenders.Innocent))
            .ToList();

        Assert.NotEmpty(uses);
        Assert.Empty(uses.Select(use => Purity.Forbids(use.Reference)).OfType<string>());
    }
}
