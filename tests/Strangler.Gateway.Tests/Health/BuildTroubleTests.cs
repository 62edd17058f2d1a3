using Strangler.Gateway.Health;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

public sealed class BuildTroubleTests
{
    private const string Dropped = "It was dropped. Create it again.";
    private readonly FakeResponder _responder = new();

    [Fact]
    public void Sentences_ProjectionThatIsServed_IsNone()
    {
        Assert.Empty(BuildTrouble.Sentences(_responder, new BuildState("v1")));
        Assert.Empty(BuildTrouble.Sentences(_responder, null)); // that it isn't built says its watermark
    }

    [Fact]
    public void Sentences_TablesInDoubt_SaysWhyOfTheFirstAndCountsTheOthers()
    {
        var build = new BuildState("v1") { InDoubt = [new("public.stock", Dropped), new("public.price", null)], InDoubtCount = 7 };

        Assert.Equal(
            [
                $"The table 'public.stock' is in doubt, so that look-ups go to legacy. {Dropped}",
                "The table 'public.price' is in doubt, so that look-ups go to legacy until it has been read again; nothing is to be done.",
                "5 more tables that it reads are in doubt.",
            ],
            BuildTrouble.Sentences(_responder, build));
    }

    /// <summary>A table in doubt stops a projection at a new epoch: it is said once.</summary>
    [Fact]
    public void Sentences_StoppedBecauseOfATableInDoubt_SaysWhyOnce() => Assert.Equal(
        [$"It has stopped, so that look-ups go to legacy. {Dropped}"],
        BuildTrouble.Sentences(_responder, new BuildState("v1") { Problem = Dropped, InDoubt = [new("public.stock", Dropped)], InDoubtCount = 1 }));

    [Fact]
    public void Sentences_HistoryThatIsNotVerified_SaysWhoCompares() => Assert.Equal(
        ["It is not known yet whether the source has the change log's history, so that look-ups go to legacy. The bridge compares the two, or takes a new snapshot; its log says which."],
        BuildTrouble.Sentences(_responder, new BuildState("v1") { IsDistrusted = true }));

    [Fact]
    public void Sentences_AnotherVersion_NamesBoth() => Assert.Equal(
        ["Its documents were made by the version 0123456789ab, and this gateway has v1, so that look-ups go to legacy. Start projections and gateway with the same assemblies."],
        BuildTrouble.Sentences(_responder, new BuildState("0123456789abcdef")));
}
