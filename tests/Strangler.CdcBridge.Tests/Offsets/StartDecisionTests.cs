using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Offsets;

public sealed class StartDecisionTests
{
    private static readonly BridgeOffset Streaming = new(
        "7",
        1,
        "ours",
        3,
        BridgeState.Streaming,
        new Lsn(1000),
        new Lsn(900),
        []
    );
    private static readonly Position Kept = new(3, new Lsn(999), 30);
    private static readonly BridgeOffset Partial = Streaming with
    {
        State = BridgeState.Snapshotting,
        Partial = new PartialSnapshot(new Position(3, new Lsn(999), 20), DateTimeOffset.UnixEpoch, []),
    };
    private static readonly Position End = Position.EndOf(3, new Lsn(960));
    private static readonly SlotState Slot = new("pgoutput", "shop", null, null, "reserved", new Lsn(1000), 0);
    private static readonly SourceIdentity Same = new("7", 1, new Lsn(2000), null);

    [Fact]
    public void Decide_NothingYet_BeginsTheFirstEpoch() =>
        Assert.Equal(
            new StartDecision.Begin(1, false, null),
            StartDecision.Decide("ours", null, null, Same, null, false)
        );

    [Fact]
    public void Decide_SlotThatTheLogNeverUsed_IsRefusedAndNotDropped() =>
        Refused(StartDecision.Decide("ours", null, null, Same, Slot, false), "never used");

    [Theory]
    [InlineData(BridgeState.Creating)]
    [InlineData(BridgeState.Snapshotting)]
    public void Decide_SnapshotNotCompleted_BeginsTheSameEpochAnew(object state)
    {
        var decision = Assert.IsType<StartDecision.Begin>(
            StartDecision.Decide("ours", Streaming with { State = (BridgeState)state }, null, Same, Slot, false)
        );

        Assert.Equal((3, true), (decision.Epoch, decision.DropSlot));
    }

    [Fact]
    public void Decide_SnapshotOfWhichTheLogHasKeptWhatWasRead_Continues() =>
        Assert.Equal(new StartDecision.Continue(Partial, Kept), Continued(Partial, Kept, Slot, Same));

    [Fact]
    public void Decide_SnapshotThatCannotContinue_BeginsTheSameEpochAnew()
    {
        StartDecision[] decisions =
        [
            Continued(Partial with { Partial = null }, Kept, Slot, Same),
            Continued(Partial, null, Slot, Same),
            Continued(Partial, Kept with { Ordinal = 19 }, Slot, Same),
            Continued(Partial, Kept with { Commit = new Lsn(998) }, Slot, Same),
            Continued(Partial, Kept with { Epoch = 2 }, Slot, Same),
            Continued(Partial, Kept, null, Same),
            Continued(Partial, Kept, Slot with { Confirmed = new Lsn(1001) }, Same),
            Continued(Partial, Kept, Slot with { Confirmed = new Lsn(999) }, Same),
            Continued(Partial, Kept, Slot with { WalStatus = "lost" }, Same),
            Continued(Partial, Kept, Slot, Same with { Timeline = 2, Branch = new Lsn(1500) }),
            StartDecision.Decide("ours", Partial, null, Same, Slot, true, kept: Kept),
        ];

        Assert.All(decisions, decision => Assert.Equal(3, Assert.IsType<StartDecision.Begin>(decision).Epoch));
    }

    [Fact]
    public void Decide_Streaming_Resumes() =>
        Assert.Equal(
            new StartDecision.Resume(Streaming),
            StartDecision.Decide("ours", Streaming, End, Same, Slot, false)
        );

    [Fact]
    public void Decide_SlotDropped_IsRefusedWithTheInterval() =>
        Refused(
            StartDecision.Decide("ours", Streaming, End, Same, null, false),
            "between 3:0/3C0:end and 0/7D0",
            "--resnapshot"
        );

    [Fact]
    public void Decide_SlotLost_IsRefusedWithTheInterval() =>
        Refused(
            StartDecision.Decide("ours", Streaming, End, Same, Slot with { WalStatus = "lost" }, false),
            "between 3:0/3C0:end and 0/7D0",
            "--resnapshot"
        );

    [Fact]
    public void Decide_SlotConfirmedBeyondTheLog_IsRefusedWithTheInterval() =>
        Refused(
            StartDecision.Decide("ours", Streaming, End, Same, Slot with { Confirmed = new Lsn(1001) }, false),
            "restored from a backup",
            "between 0/3E8 and 0/3E9"
        );

    [Fact]
    public void Decide_AskedFor_BeginsTheNextEpoch()
    {
        var decision = Assert.IsType<StartDecision.Begin>(
            StartDecision.Decide("ours", Streaming, End, Same, Slot, true)
        );

        Assert.Equal((4, true), (decision.Epoch, decision.DropSlot));
    }

    [Fact]
    public void Decide_AnotherCluster_BeginsTheNextEpoch() =>
        Assert.Equal(
            4,
            Assert
                .IsType<StartDecision.Begin>(
                    StartDecision.Decide("ours", Streaming, End, Same with { System = "8" }, null, false)
                )
                .Epoch
        );

    [Fact]
    public void Decide_AnotherClusterWithSuchASlot_IsRefused() =>
        Refused(
            StartDecision.Decide("ours", Streaming, End, Same with { System = "8" }, Slot, false),
            "another cluster"
        );

    [Fact]
    public void Decide_FailoverThatKeptSlotAndLog_Resumes() =>
        Assert.IsType<StartDecision.Resume>(
            StartDecision.Decide(
                "ours",
                Streaming,
                End,
                Same with
                {
                    Timeline = 2,
                    Branch = new Lsn(1500),
                },
                Slot,
                false
            )
        );

    [Theory]
    [InlineData(999ul, true)]
    [InlineData(1500ul, false)]
    public void Decide_FailoverBeforeTheLogsEndOrWithoutSlot_BeginsTheNextEpoch(ulong branch, bool hasSlot) =>
        Assert.Equal(
            4,
            Assert
                .IsType<StartDecision.Begin>(
                    StartDecision.Decide(
                        "ours",
                        Streaming,
                        End,
                        Same with
                        {
                            Timeline = 2,
                            Branch = new Lsn(branch),
                        },
                        hasSlot ? Slot : null,
                        false
                    )
                )
                .Epoch
        );

    [Fact]
    public void Decide_WrittenLessThanTheLogHas_BeginsTheNextEpochWhereverTheSlotIs()
    {
        foreach (
            var slot in new[]
            {
                Slot,
                Slot with
                {
                    Confirmed = new Lsn(500),
                },
                Slot with
                {
                    Confirmed = new Lsn(2000),
                },
                Slot with
                {
                    WalStatus = "lost",
                },
                null,
            }
        )
        {
            var decision = Assert.IsType<StartDecision.Begin>(
                StartDecision.Decide("ours", Streaming, End, Same with { Written = new Lsn(960) }, slot, false)
            );

            Assert.Equal((4, slot is not null), (decision.Epoch, decision.DropSlot));
            Assert.Equal(
                "the source was put back to an older copy: it has written up to 0/3C0, the log ends at 3:0/3C0:end.",
                decision.Because
            );
        }
    }

    [Fact]
    public void Decide_DifferenceFound_BeginsTheNextEpochAndNamesIt()
    {
        var difference = new HistoryDifference.NotSent(
            new Lsn(0x384),
            77,
            new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero)
        );

        var decision = Assert.IsType<StartDecision.Begin>(
            StartDecision.Decide("ours", Streaming, End, Same, Slot, false, difference)
        );

        Assert.Equal((4, true), (decision.Epoch, decision.DropSlot));
        Assert.Contains(
            "the log has a transaction at 0/384 (xid 77 of 2026-11-24T08:00:00.000000Z) that the server doesn't send",
            decision.Because,
            StringComparison.Ordinal
        );
    }

    /// <summary>Somebody has advanced the slot, but not beyond what the log has.</summary>
    [Theory]
    [InlineData(1000ul, 900ul, 1000ul)]
    [InlineData(900ul, 900ul, 961ul)]
    [InlineData(900ul, 984ul, 984ul)]
    public void Decide_SlotAheadOfWhatWasAcknowledgedButNotOfTheLog_Resumes(
        ulong acknowledged,
        ulong lastCommit,
        ulong confirmed
    ) =>
        Assert.IsType<StartDecision.Resume>(
            StartDecision.Decide(
                "ours",
                Streaming with
                {
                    Acknowledged = new Lsn(acknowledged),
                    LastCommit = new Lsn(lastCommit),
                },
                End,
                Same,
                Slot with
                {
                    Confirmed = new Lsn(confirmed),
                },
                false
            )
        );

    [Fact]
    public void Decide_SlotOfAnotherPluginOrDatabase_IsRefusedAndNotDropped()
    {
        var source = Same with { Database = "shop" };

        foreach (var resnapshot in new[] { false, true })
        {
            Refused(
                StartDecision.Decide("ours", Streaming, End, source, Slot with { Plugin = "wal2json" }, resnapshot),
                "doesn't belong to this log",
                "'wal2json'"
            );
            Refused(
                StartDecision.Decide("ours", Streaming, End, source, Slot with { Database = "other" }, resnapshot),
                "doesn't belong to this log",
                "'other'"
            );
        }
        Assert.IsType<StartDecision.Resume>(StartDecision.Decide("ours", Streaming, End, source, Slot, false));
    }

    [Fact]
    public void Decide_OtherAddress_ResumesWithTheSlotAndIsRefusedWithoutIt()
    {
        var offset = Streaming with { Host = "one:5432" };

        Assert.IsType<StartDecision.Resume>(
            StartDecision.Decide("ours", offset, End, Same with { Host = "two:5432" }, Slot, false)
        );
        Refused(
            StartDecision.Decide("ours", offset, End, Same with { Host = "two:5432" }, null, false),
            "between 3:0/3C0:end and 0/7D0",
            "--resnapshot"
        );
    }

    [Fact]
    public void Decide_OlderTimeline_BeginsTheNextEpoch() =>
        Assert.IsType<StartDecision.Begin>(
            StartDecision.Decide("ours", Streaming with { Timeline = 2 }, End, Same, Slot, false)
        );

    [Fact]
    public void Decide_AnotherSlotsName_IsRefused() =>
        Refused(StartDecision.Decide("other", Streaming, End, Same, null, false), "filled from the slot 'ours'");

    [Fact]
    public void LeftAt_History_HasEachAncestor()
    {
        const string History = "1\t0/5000000\tno recovery target specified\n\n2\t0/6000060\tbefore 2000-01-01\n";

        Assert.Equal("0/6000060", TimelineHistory.LeftAt(History, 2).ToString());
        Assert.Null(TimelineHistory.LeftAt(History, 3));
    }

    [Fact]
    public void FromJson_AnyOffset_IsReadBack()
    {
        var offset = Streaming with
        {
            Tables = [new TableOffset("shop.public.item", 4_000_000_000, "f", "s")],
            Host = "h:1",
            Seen = new SeenTransaction(
                new Lsn(7),
                8,
                new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero).AddMicroseconds(3)
            ),
        };

        var back = BridgeOffset.FromJson(offset.ToJson());

        Assert.Equal(offset, back with { Tables = offset.Tables });
        Assert.Equal(offset.Tables, back.Tables);
    }

    private static void Refused(StartDecision decision, params string[] words)
    {
        var fault = Assert.IsType<StartDecision.Refuse>(decision).Fault;
        Assert.All(words, word => Assert.Contains(word, fault.ToString(), StringComparison.Ordinal));
    }

    private static StartDecision Continued(
        BridgeOffset offset,
        Position? kept,
        SlotState? slot,
        SourceIdentity source
    ) => StartDecision.Decide("ours", offset, null, source, slot, false, kept: kept);
}
