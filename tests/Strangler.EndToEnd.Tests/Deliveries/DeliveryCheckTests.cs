using CsCheck;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>The check of deliveries finds what is planted, and nothing else.</summary>
public sealed class DeliveryCheckTests
{
    private const int Window = 6;

    /// <summary>Random histories, a run that is killed within an append, and runs that go on from its begin.</summary>
    [Fact]
    public void Of_AppendsInterruptedAnywhere_HasNoFault() =>
        Gen.Int.Sample(seed =>
        {
            var story = Delivered(new Random(seed));
            var report = Check(story);
            Assert.True(report.Faults.Count == 0, $"{report}");
            Assert.True(report.LargestWindow <= Window, $"{report}");
        });

    /// <summary>Any event that is left out everywhere is a gap, unless nobody could tell.</summary>
    [Fact]
    public void Of_AnyEventLeftOut_IsAGap() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var story = Delivered(random);
            var left = story.Events[random.Next(story.Events.Count)];
            story.Events.RemoveAll(one => one.Key == left.Key && one.Content == left.Content);

            Assert.Contains(Check(story).Faults, fault => fault is DeliveryFault.Gap or DeliveryFault.Phantom);
        });

    /// <summary>Two events of a key in a run that change places.</summary>
    [Fact]
    public void Of_AnyTwoEventsOfAKeySwapped_IsADisorder() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var story = Delivered(random);
            var pairs = story
                .Events.Index()
                .Where(one => one.Item.Op != DeliveredEvent.Tombstone)
                .GroupBy(one => (one.Item.Key, one.Item.Run))
                .SelectMany(key => key.Zip(key.Skip(1)))
                .ToList();
            if (pairs.Count == 0)
                return;
            var ((first, one), (second, other)) = pairs[random.Next(pairs.Count)];
            (story.Events[first], story.Events[second]) = (other, one);

            Assert.NotEmpty(Check(story).Faults);
        });

    [Fact]
    public void Of_ChangeWithoutEvent_IsAGap()
    {
        var story = new DeliveryStory();
        var one = story.Commit(('c', 1, 1), ('c', 2, 1));
        var other = story.Commit(('u', 1, 2));
        story.Deliver(1, one);

        var fault = Assert.Single(Check(story).Faults.OfType<DeliveryFault.Gap>());

        Assert.Equal((other.Xid, other.Changes[0]), (fault.Xid, fault.Change));
    }

    [Fact]
    public void Of_EventOfATransactionThatDidNotCommit_IsAPhantom()
    {
        var story = new DeliveryStory();
        story.Deliver(1, story.Commit(('c', 1, 1)));
        story.Deliver(
            1,
            new CommittedTransaction(
                999,
                [new RowChange(DeliveryStory.Topic, DeliveryStory.Key(1), "u", DeliveryStory.Row(1, 9))]
            )
        );

        Assert.Single(Check(story).Faults.OfType<DeliveryFault.Phantom>(), fault => fault.Event.Xid == 999);
    }

    [Fact]
    public void Of_EventsOfAKeyInAnotherOrder_IsADisorder()
    {
        var story = new DeliveryStory();
        var (one, two, three) = (story.Commit(('c', 1, 1)), story.Commit(('u', 1, 2)), story.Commit(('u', 1, 3)));
        story.Deliver(1, one, three, two);

        var faults = Check(story).Faults;

        Assert.Contains(faults.OfType<DeliveryFault.Disorder>(), fault => fault.Event.Xid == two.Xid);
        Assert.Contains(faults, fault => fault is DeliveryFault.State); // and who replays it has another row
    }

    /// <summary>Different keys, so that only the order of the partition is wrong.</summary>
    [Fact]
    public void Of_TransactionsOfAPartitionInAnotherOrder_IsADisorder()
    {
        var story = new DeliveryStory();
        var (one, two) = (story.Commit(('c', 1, 1)), story.Commit(('c', 2, 1)));
        story.Deliver(1, two, one);

        Assert.IsType<DeliveryFault.Disorder>(Assert.Single(Check(story).Faults));
    }

    [Fact]
    public void Of_RunThatEndedAfterItsSuccessorBegan_IsADisorder()
    {
        var story = new DeliveryStory();
        var (one, two) = (story.Commit(('c', 1, 1)), story.Commit(('u', 1, 2)));
        story.Deliver(1, one);
        story.Deliver(2, one, two);
        story.Deliver(1, two);

        Assert.Contains(Check(story).Faults, fault => fault is DeliveryFault.Disorder);
    }

    [Fact]
    public void Of_EventTwiceInARun_IsARepeat()
    {
        var story = new DeliveryStory();
        var one = story.Commit(('c', 1, 1));
        story.Deliver(1, one, one);

        Assert.IsType<DeliveryFault.Repeat>(Assert.Single(Check(story).Faults));
    }

    [Theory]
    [InlineData(Window, false)]
    [InlineData(Window + 1, true)]
    public void Of_RunThatGoesBack_IsARepeatBeyondTheWindow(int back, bool isFault)
    {
        var story = new DeliveryStory();
        var all = Enumerable.Range(1, 20).Select(id => story.Commit(('c', id, 1))).ToList();
        story.Deliver(1, all);
        story.Deliver(2, all.TakeLast(back));

        var report = Check(story);

        Assert.Equal(back, report.RepeatCount);
        Assert.Equal(back, report.LargestWindow);
        Assert.Equal(isFault, report.Faults.OfType<DeliveryFault.Repeat>().Any());
    }

    [Fact]
    public void Of_LargeTransactionSentAgain_IsNoFault()
    {
        var story = new DeliveryStory();
        var one = story.Commit([.. Enumerable.Range(1, 3 * Window).Select(id => ('c', id, 1))]);
        story.Deliver(1, one);
        story.Deliver(2, one);

        Assert.Empty(Check(story).Faults);
    }

    [Fact]
    public void Of_SnapshotThatBeginsAnew_IsNoFaultUnlessTheStreamHasBegun()
    {
        var story = new DeliveryStory();
        for (var id = 1; id <= 3 * Window; id++)
            story.Begin(id, 0);
        story.Snapshot(1);
        story.Snapshot(2);
        Assert.Empty(Check(story).Faults);

        story.Deliver(2, story.Commit(('u', 1, 1)));
        story.Snapshot(3);
        Assert.Contains(Check(story).Faults, fault => fault is DeliveryFault.Repeat);
    }

    [Fact]
    public void Of_RowThatWasGoneBeforeTheLastSnapshot_IsAPhantomAndAState()
    {
        var story = new DeliveryStory();
        story.Begin(1, 0);
        story.Snapshot(1);
        story.Events.Add(story.Events[0] with { Key = DeliveryStory.Key(2), Row = DeliveryStory.Row(2, 0) });

        var faults = Check(story).Faults;

        Assert.Contains(faults, fault => fault is DeliveryFault.Phantom);
        Assert.Contains(faults, fault => fault is DeliveryFault.State { Row: null });
    }

    [Fact]
    public void Of_EventSentAgainWithAnotherContent_IsADifference()
    {
        var story = new DeliveryStory();
        var one = story.Commit(('c', 1, 1));
        story.Deliver(1, one);
        story.Deliver(2, one);
        story.Events[^1] = story.Events[^1] with { Content = "another lsn" };

        Assert.IsType<DeliveryFault.Difference>(Assert.Single(Check(story).Faults));
    }

    [Fact]
    public void Of_RunThatWentBackAndNotForward_IsADisorder()
    {
        var story = new DeliveryStory();
        var (one, two) = (story.Commit(('c', 1, 1)), story.Commit(('u', 1, 2)));
        story.Deliver(1, one, two);
        story.Deliver(2, one);

        Assert.Contains(Check(story).Faults, fault => fault is DeliveryFault.Disorder);
    }

    [Fact]
    public void Of_KeyInTwoPartitions_IsADisorder()
    {
        var story = new DeliveryStory();
        story.Deliver(1, story.Commit(('c', 1, 1)), story.Commit(('u', 1, 2)));
        story.Events[^1] = story.Events[^1] with { Partition = 7 };

        Assert.Contains(Check(story).Faults, fault => fault is DeliveryFault.Disorder);
    }

    [Fact]
    public void Of_DeleteWithoutTombstone_IsAGap()
    {
        var story = new DeliveryStory();
        story.Deliver(1, story.Commit(('c', 1, 1)), story.Commit(('d', 1, 0)));
        story.Events.RemoveAt(story.Events.Count - 1);

        Assert.IsType<DeliveryFault.Gap>(Assert.Single(Check(story).Faults));
    }

    private static DeliveryReport Check(DeliveryStory story) => DeliveryCheck.Of(story.History, story.Events, Window);

    /// <summary>
    /// Appends of one or two whole transactions, of at most a window of events. Each may be cut off anywhere, and is
    /// sent again by the next run.
    /// </summary>
    private static DeliveryStory Delivered(Random random)
    {
        var (story, ids, v, run) = (new DeliveryStory(), new HashSet<int>([1, 2, 3]), 0, 1);
        foreach (var id in ids)
            story.Begin(id, 0);
        story.Snapshot(run);
        for (var append = 0; append < 8; append++)
        {
            var transactions = Enumerable
                .Range(0, random.Next(1, 3))
                .Select(_ => story.Commit([.. Changes()]))
                .ToList();
            for (var cuts = random.Next(3); cuts > 0; cuts--)
            {
                var before = story.Events.Count;
                story.Deliver(run++, transactions);
                var kept = random.Next(before, story.Events.Count + 1);
                story.Events.RemoveRange(kept, story.Events.Count - kept);
            }
            story.Deliver(run, transactions);
        }
        return story;

        // Three events at most, since a delete has a tombstone.
        List<(char, int, int)> Changes()
        {
            var changes = new List<(char, int, int)>();
            foreach (var id in Enumerable.Range(1, 5).OrderBy(_ => random.Next()).Take(random.Next(1, 3)))
            {
                v++;
                if (ids.Add(id))
                    changes.Add(('c', id, v));
                else if (changes.Any(one => one.Item1 == 'd') || random.Next(3) != 0)
                    changes.Add(('u', id, v));
                else
                {
                    ids.Remove(id);
                    changes.Add(('d', id, 0));
                }
            }
            return changes;
        }
    }
}
