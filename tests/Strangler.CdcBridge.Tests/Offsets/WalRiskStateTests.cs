using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Offsets;

public sealed class WalRiskStateTests
{
    private const long Max = 1_000;
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("reserved", 1_000, null, WalRisk.None)]
    [InlineData("reserved", 1_001, null, WalRisk.Held)]
    [InlineData("reserved", 500, 500L, WalRisk.None)]
    [InlineData("reserved", 501, 500L, WalRisk.Held)]
    [InlineData("extended", 500, 600L, WalRisk.Extended)]
    [InlineData("extended", 1_001, null, WalRisk.Held)]
    [InlineData("unreserved", 500, -10L, WalRisk.Unreserved)]
    [InlineData("unreserved", 5_000, -10L, WalRisk.Unreserved)]
    [InlineData("lost", 0, null, WalRisk.Lost)]
    public void Of_Slot_IsItsRisk(string status, long retained, long? safe, object risk)
    {
        var slot = Slot(status, retained, safe);

        Assert.Equal((WalRisk)risk, WalRiskState.Of(slot, Max));
        Assert.Equal((WalRisk)risk == WalRisk.None, WalRiskState.FaultOf((WalRisk)risk, slot, "s", Max) is null);
    }

    [Fact]
    public void After_GreaterRisk_IsToldAtOnce()
    {
        var held = WalRiskState.Calm.After(WalRisk.Held, Noon, Calm);
        var worse = held.After(WalRisk.Unreserved, Noon, Calm);

        Assert.Equal(WalRisk.Held, held.Told);
        Assert.Equal(WalRisk.Unreserved, worse.Told);
    }

    [Fact]
    public void After_SmallerRisk_IsToldOnceItHasLasted()
    {
        var held = WalRiskState.Calm.After(WalRisk.Held, Noon, Calm);
        var early = held.After(WalRisk.None, Noon + Calm / 2, Calm);
        var again = early.After(WalRisk.Held, Noon + Calm * 0.9, Calm);
        var stillEarly = again.After(WalRisk.None, Noon + Calm * 1.8, Calm);
        var late = stillEarly.After(WalRisk.None, Noon + Calm * 2, Calm);

        Assert.Equal(
            [WalRisk.Held, WalRisk.Held, WalRisk.Held, WalRisk.None],
            new[] { early, again, stillEarly, late }.Select(state => state.Told)
        );
    }

    [Theory]
    [InlineData(500L, "The server invalidates it after 500 bytes more (max_slot_wal_keep_size).")]
    [InlineData(null, "The server has no max_slot_wal_keep_size, so its disk fills up.")]
    public void FaultOf_HeldSlot_SaysHowMuchIsLeft(long? safe, string sentence)
    {
        var fault = WalRiskState.FaultOf(WalRisk.Held, Slot("reserved", 3_000_000_000, safe), "shop", Max)!;

        Assert.Equal(
            "slot 'shop': It holds back 2.8 GB of the source's write-ahead log, more than Bridge:MaxRetainedWal (1000 "
                + $"bytes). {sentence}",
            $"{fault.Path}: {fault.Problem}"
        );
    }

    private static SlotState Slot(string status, long retained, long? safe) =>
        new("pgoutput", "shop", null, null, status, Lsn.Zero, retained) { Safe = safe };
}
