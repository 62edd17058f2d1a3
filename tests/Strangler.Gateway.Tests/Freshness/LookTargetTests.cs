using Strangler.ChangeLog;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>What a look asks for.</summary>
public sealed class LookTargetTests
{
    [Fact]
    public void Of_FirstLook_IsItsInsertLsn() =>
        Assert.Equal(new Lsn(100), LookTarget.Of(Look(100, 120, "5:5:"), null).Before);

    [Fact]
    public void Of_SameSnapshotAgain_IsWhereTheFirstEnded()
    {
        var first = LookTarget.Of(Look(100, 120, "5:5:"), null);
        var second = LookTarget.Of(Look(300, 300, "5:5:"), first);
        var third = LookTarget.Of(Look(500, 500, "5:5:"), second);

        Assert.Equal([new Lsn(120), new Lsn(120)], [second.Before, third.Before]);
    }

    [Fact]
    public void Of_AnotherSnapshot_IsItsOwn()
    {
        var first = LookTarget.Of(Look(100, 120, "5:5:"), null);

        Assert.Equal(new Lsn(300), LookTarget.Of(Look(300, 300, "6:6:"), first).Before);
    }

    [Fact]
    public void Of_AnotherConnectionOrServer_IsItsOwn()
    {
        var first = LookTarget.Of(Look(100, 120, "5:5:"), null);

        Assert.Equal(new Lsn(300), LookTarget.Of(Look(300, 300, "5:5:") with { Generation = 2 }, first).Before);
        Assert.Equal(new Lsn(300), LookTarget.Of(Look(300, 300, "5:5:") with { Server = "other" }, first).Before);
    }

    private static TakenLook Look(ulong floor, ulong end, string snapshot) =>
        new(1, 2, 1, new SourceLook(new Lsn(floor), snapshot, new Lsn(end)), "run");
}
