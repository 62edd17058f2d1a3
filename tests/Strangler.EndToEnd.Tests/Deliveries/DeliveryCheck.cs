namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Proves of the messages in Kafka that they are what the database has committed: an event if and only if a change was
/// committed, for each key in the order of its commits, in one partition, and without a gap; that who keeps the last
/// event of each key has the table; and that nothing is repeated beyond the window.
/// <para>
/// The window: a run of the bridge begins behind the last append that the log has, and whatever was sent of a later one
/// is sent again. Appends are made one after another, so what is repeated begins within the last append. It has whole
/// transactions with at most 2,000 records (and 4 MiB), or belongs to one larger transaction, or to the initial
/// snapshot, which begins again. Counted are all events that were there from the first repeated transaction on.
/// </para>
/// </summary>
internal static class DeliveryCheck
{
    /// <summary>What an append has at most, and one record more.</summary>
    public const int Window = 2_001;

    /// <param name="history">What was committed.</param>
    /// <param name="events">All messages of the tables' topics; those of a partition by their offsets.</param>
    /// <param name="window">The most events from which on a run may repeat, unless they are of one transaction.</param>
    public static DeliveryReport Of(CommittedHistory history, IReadOnlyList<DeliveredEvent> events, int window = Window)
    {
        var keys = Expected(history)
            .GroupBy(one => (one.Change.Topic, one.Change.Key))
            .ToDictionary(group => group.Key, group => new KeyDelivery([.. group]));
        foreach (var one in events)
        {
            if (!keys.TryGetValue((one.Topic, one.Key), out var key))
                keys[(one.Topic, one.Key)] = key = new KeyDelivery([]);
            key.Take(one);
        }
        foreach (var key in keys.Values)
            key.End();
        var (largest, beyond) = Windows(keys.Values, window);
        return new DeliveryReport(
            [
                .. keys.Values.SelectMany(key => key.Faults),
                .. CommitOrder(events),
                .. beyond,
                .. States(history.Rows, events),
            ],
            events.Count,
            keys.Values.Sum(key => key.Repeats.Count),
            largest,
            events.Select(one => one.Run).Distinct().Count()
        );
    }

    private static IEnumerable<(uint Xid, RowChange Change)> Expected(CommittedHistory history)
    {
        foreach (var row in history.Initial)
            yield return (0, row);
        foreach (var transaction in history.Transactions)
        {
            foreach (var change in transaction.Changes)
            {
                yield return (transaction.Xid, change);
                if (change.Op == "d")
                    yield return (transaction.Xid, change with { Op = DeliveredEvent.Tombstone });
            }
        }
    }

    /// <summary>Within a run, a partition has transactions in the order of their commits.</summary>
    private static IEnumerable<DeliveryFault> CommitOrder(IEnumerable<DeliveredEvent> events) =>
        events
            .Where(one => one.Op != DeliveredEvent.Tombstone)
            .GroupBy(one => (one.Topic, one.Partition, one.Run))
            .SelectMany(run => run.Zip(run.Skip(1)))
            .Where(pair => pair.Second.LastCommit < pair.First.LastCommit)
            .Select(pair => new DeliveryFault.Disorder(pair.Second));

    private static (int Largest, IReadOnlyList<DeliveryFault> Beyond) Windows(
        IReadOnlyCollection<KeyDelivery> keys,
        int window
    )
    {
        var taken = keys.SelectMany(key => key.Taken).ToList();
        var (largest, beyond) = (0, new List<DeliveryFault>());
        foreach (var run in keys.SelectMany(key => key.Repeats).GroupBy(one => one.Event.Run))
        {
            var before = taken
                .Where(one => one.Event.Op != "r" && string.CompareOrdinal(one.Event.Run, run.Key) < 0)
                .ToList();
            if (before.Count > 0)
                beyond.AddRange(
                    run.Where(one => one.Event.Op == "r").Select(one => new DeliveryFault.Repeat(one.Event))
                );
            if (run.Where(one => one.Event.Op != "r").ToList() is not [_, ..] repeats)
                continue;
            var first = repeats.MinBy(one => one.LastCommit);
            var reach = before
                .Where(one => one.LastCommit >= first.LastCommit)
                .Select(one => (one.Event.Topic, one.Event.Key, one.Event.Op, one.Event.Row, one.LastCommit))
                .Distinct()
                .ToList();
            var isOne = reach.All(one => one.LastCommit == first.LastCommit);
            if (!isOne)
                largest = Math.Max(largest, reach.Count);
            if (!isOne && reach.Count > window)
                beyond.Add(new DeliveryFault.Repeat(first.Event));
        }
        return (largest, beyond);
    }

    private static IEnumerable<DeliveryFault> States(
        IReadOnlyDictionary<(string Topic, string Key), string> rows,
        IEnumerable<DeliveredEvent> events
    )
    {
        var replayed = new Dictionary<(string, string), string>();
        foreach (var one in events)
        {
            if (one.Row.Length > 0)
                replayed[(one.Topic, one.Key)] = one.Row;
            else
                replayed.Remove((one.Topic, one.Key));
        }
        return rows
            .Keys.Union(replayed.Keys)
            .Select(key => new DeliveryFault.State(
                key.Item1,
                key.Item2,
                replayed.GetValueOrDefault(key),
                rows.GetValueOrDefault(key)
            ))
            .Where(state => state.Replayed != state.Row);
    }
}
