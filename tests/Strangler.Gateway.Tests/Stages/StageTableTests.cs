using Strangler.Evidence.Gates;
using Strangler.Gateway.Stages;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

/// <summary>Versions rise: one that goes back is of a store that was put back to an older copy.</summary>
public sealed class StageTableTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The store has had version 5, and holds another one now.</summary>
    [Theory]
    [InlineData(Stage.Legacy, 3, Stage.Lookup)] // a rollback is undone
    [InlineData(Stage.Lookup, 3, Stage.Lookup)] // perhaps with a rollback in between
    [InlineData(Stage.Legacy, 3, Stage.Shadow)]
    [InlineData(Stage.Legacy, 1, Stage.Lookup)] // a new store, where the route begins as it is configured
    [InlineData(Stage.Legacy, 5, Stage.Lookup)] // changed since in the older copy, up to the same version
    public void Take_StoreWentBack_IsLegacyUntilAVersionAboveWhatWasInForce(Stage seen, int version, Stage restored)
    {
        var table = new StageTable();
        table.Take([Row(5, seen, "Bob")]);

        var wentBack = Assert.Single(table.Take([Row(version, restored, "Ada")]));
        var again = table.Take([Row(version, restored, "Ada")]);
        var held = table.StageOf("item");
        var pending = Assert.Single(table.Pending);
        var why = table.WhyPutBack("item");
        table.Take([Row(5, Stage.Lookup, "Cleo")]);
        var below = table.StageOf("item");
        table.Take([Row(6, Stage.Lookup, "Ada")]);

        Assert.Equal((Stage.Legacy, Stage.Legacy, Stage.Lookup), (held, below, table.StageOf("item")));
        Assert.Empty(again);
        Assert.Equal((5, version), (pending.PutBack.Version, pending.Stored.Version));
        Assert.Equal(wentBack.Why, why);
        Assert.Contains($"it holds version {version} of the stage", why, StringComparison.Ordinal);
        Assert.Empty(table.Pending);
        Assert.Null(table.WhyPutBack("item"));
    }

    [Fact]
    public void Take_RowIsGoneForATime_IsRemembered()
    {
        var table = new StageTable();
        table.Take([Row(5, Stage.Legacy, "Bob")]);
        table.Take([]);

        table.Take([Row(1, Stage.Lookup, "configuration")]);

        Assert.Equal(Stage.Legacy, table.StageOf("item"));
    }

    /// <summary>What an earlier process knew counts like what this one has seen.</summary>
    [Fact]
    public void Remember_ThenAnOlderStore_IsLegacyAndWhatWasPutBackStaysSo()
    {
        var table = new StageTable();
        RouteStage[] kept = [Row(5, Stage.Lookup, "Ada"), Row(2, Stage.Lookup, "Ada") with { Route = "price" }];
        table.Remember(kept, kept, [new StageTable.PutBack("price", 2, "Respond hangs.")], "not read yet");

        var remembered = (table.StageOf("item"), table.StageOf("price"), table.Current.Trouble);
        var wentBack = Assert.Single(table.Take([Row(3, Stage.Lookup, "Ada"), kept[1]]));

        Assert.Equal((Stage.Lookup, Stage.Legacy, "not read yet"), remembered);
        Assert.Equal("item", wentBack.Route);
        Assert.Equal((Stage.Legacy, Stage.Legacy), (table.StageOf("item"), table.StageOf("price")));
        Assert.Equal(["item", "price"], table.Pending.Select(pending => pending.PutBack.Route).Order());
    }

    [Fact]
    public void Take_SameVersionAgainOrAHigherOne_IsWhatTheStoreHolds()
    {
        var table = new StageTable();

        Assert.Empty(table.Take([Row(1, Stage.Lookup, "Ada")]));
        Assert.Empty(table.Take([Row(1, Stage.Lookup, "Ada")]));
        Assert.Equal(Stage.Lookup, table.StageOf("item"));
        Assert.Empty(table.Take([Row(7, Stage.Shadow, "Ada")]));
        Assert.Equal(Stage.Shadow, table.StageOf("item"));
        Assert.Empty(table.Pending);
    }

    /// <summary>What hangs is in the older copy's stage again, so that the store has to be told all the same.</summary>
    [Fact]
    public void Take_StoreWentBackBeforeItWasTold_StillHasToBeTold()
    {
        var table = new StageTable();
        table.Take([Row(5, Stage.Lookup, "Ada")]);
        Assert.True(table.TryPutBack("item", "Respond hangs."));

        table.Take([Row(3, Stage.Lookup, "Ada")]);
        var pending = Assert.Single(table.Pending);
        var held = table.StageOf("item");
        table.Take([Row(6, Stage.Legacy, StagePoll.Gateway) with { Why = pending.PutBack.Why }]);

        Assert.Equal(Stage.Legacy, held);
        Assert.Equal((5, "Respond hangs.", 3), (pending.PutBack.Version, pending.PutBack.Why, pending.Stored.Version));
        Assert.Empty(table.Pending);
        Assert.Equal("Respond hangs.", table.WhyPutBack("item"));
    }

    [Fact]
    public void Take_SomebodyWasQuickerThanThePutBack_IsTheirStage()
    {
        var table = new StageTable();
        table.Take([Row(5, Stage.Lookup, "Ada")]);
        table.TryPutBack("item", "Respond hangs.");

        table.Take([Row(6, Stage.Lookup, "Ada")]);

        Assert.Equal(Stage.Lookup, table.StageOf("item"));
        Assert.Empty(table.Pending);
    }

    /// <summary>A guard froze it, and Respond hangs before the store knows that: legacy answers.</summary>
    [Fact]
    public void TryPutBack_FrozenBefore_GoesFurtherBackAndNeverForward()
    {
        var table = new StageTable();
        table.Take([Row(5, Stage.Lookup, "Ada")]);
        var frozen = new StageTable.PutBack("item", 5, "wrong")
        {
            To = Stage.Lookup,
            IsFrozen = true,
            Guard = "wrong",
        };

        Assert.True(table.TryPutBack(frozen));
        Assert.Equal(Stage.Lookup, table.StageOf("item"));
        Assert.False(table.TryPutBack(frozen with { Version = 4 }));
        Assert.True(table.TryPutBack("item", "Respond hangs."));
        Assert.False(table.TryPutBack(frozen with { To = Stage.Shadow }));

        Assert.Equal(Stage.Legacy, table.StageOf("item"));
    }

    private static RouteStage Row(int version, Stage stage, string who) =>
        new("item", stage, version, Epoch.AddMinutes(version), who, "Why not.");
}
