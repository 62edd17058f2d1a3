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
        Assert.Empty(BuildTrouble.Sentences(_responder, null)); // the missing watermark shows that it isn't built
    }

    [Fact]
    public void Sentences_TablesInDoubt_SaysWhyOfTheFirstAndCountsTheOthers()
    {
        var build = new BuildState("v1")
        {
            InDoubt = [new("public.stock", $"public.stock: {Dropped}"), new("public.price", null)],
            InDoubtCount = 7,
        };

        Assert.Equal(
            [
                $"The table 'public.stock' is in doubt, so that look-ups go to legacy. {Dropped}",
                "The table 'public.price' is in doubt, so that look-ups go to legacy until it has been read again; "
                    + "nothing is to be done.",
                "5 more tables that it reads are in doubt.",
            ],
            BuildTrouble.Sentences(_responder, build)
        );
    }

    /// <summary>A table in doubt stops a projection at a new epoch, and is reported once.</summary>
    [Fact]
    public void Sentences_StoppedBecauseOfATableInDoubt_SaysWhyOnce() =>
        Assert.Equal(
            [$"It has stopped, so that look-ups go to legacy. {Dropped}"],
            BuildTrouble.Sentences(
                _responder,
                new BuildState("v1")
                {
                    Problem = Dropped,
                    InDoubt = [new("public.stock", Dropped)],
                    InDoubtCount = 1,
                }
            )
        );

    [Fact]
    public void Sentences_HistoryThatIsNotVerified_SaysWhoCompares() =>
        Assert.Equal(
            [
                "It is not known yet whether the source has the change log's history, so that look-ups go to legacy. "
                    + "The bridge compares the two, or takes a new snapshot; its log says which.",
            ],
            BuildTrouble.Sentences(_responder, new BuildState("v1") { IsDistrusted = true })
        );

    /// <summary>The code is the same, so a person would find no difference there.</summary>
    [Theory]
    [InlineData(
        "ICU 72",
        "invariant",
        "Its documents were computed with ICU 72, and this gateway runs without the data of cultures (invariant), "
            + "so that look-ups go to legacy. Install ICU 72 (libicu) where this gateway runs and start it without "
            + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, or start the projections with "
            + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1, which computes all documents again."
    )]
    [InlineData(
        "invariant",
        "ICU 76",
        "Its documents were computed without the data of cultures (invariant), and this gateway runs with ICU 76, "
            + "so that look-ups go to legacy. Start this gateway with DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1, "
            + "or install ICU 76 (libicu) where the projections run and start them without that variable, "
            + "which computes all documents again."
    )]
    [InlineData(
        "ICU 72",
        "ICU 76",
        "Its documents were computed with ICU 72, and this gateway runs with ICU 76, so that look-ups go to legacy. "
            + "Install the same ICU (libicu) for both, as one container image has it, "
            + "or start both with DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1. "
            + "Projections that start with another one compute all documents again."
    )]
    public void Sentences_SameCodeWithOtherCultures_NamesTheDifferenceAndTheWayOut(string made, string own, string said)
    {
        _responder.Code = new("c0de", own);

        Assert.Equal([said], BuildTrouble.Sentences(_responder, new BuildState("v2") { Code = new("c0de", made) }));
    }

    [Fact]
    public void Sentences_OtherCodeWithOtherCultures_NamesBothDifferences()
    {
        _responder.Code = new("c0de", "ICU 72");

        var said = BuildTrouble.Sentences(_responder, new BuildState("v2") { Code = new("c0de2", "invariant") });

        Assert.Equal(2, said.Count);
        Assert.StartsWith("Its documents were made by the version v2,", said[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "Its documents were computed without the data of cultures",
            said[1],
            StringComparison.Ordinal
        );
    }

    /// <summary>A command that checks a configuration isn't a gateway.</summary>
    [Fact]
    public void Sentences_OfACheck_SaysWhatAGatewayWouldDo()
    {
        _responder.Code = new("c0de", "invariant");

        var said = BuildTrouble.Sentences(
            _responder,
            new BuildState("v2") { Code = new("c0de", "ICU 72") },
            BuildObserver.Check
        );

        Assert.StartsWith(
            "Its documents were computed with ICU 72, and this command runs without the data of cultures (invariant), "
                + "so that look-ups of a gateway that is started like it go to legacy. "
                + "Install ICU 72 (libicu) where this",
            Assert.Single(said),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Sentences_AnotherVersion_NamesBoth() =>
        Assert.Equal(
            [
                "Its documents were made by the version 0123456789ab, and this gateway has v1, "
                    + "so that look-ups go to legacy. Start projections and gateway with the same assemblies.",
            ],
            BuildTrouble.Sentences(_responder, new BuildState("0123456789abcdef"))
        );
}
