namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Walks along the events of one key. Expected is each committed change in order, and a tombstone after each delete. A
/// run continues where the one before has ended, or goes back and repeats from there; within a run each event is the
/// one after the last.
/// </summary>
/// <param name="expected">The changes of the key that committed.</param>
internal sealed class KeyDelivery(IReadOnlyList<(uint Xid, RowChange Change)> expected)
{
    private readonly Dictionary<(uint, string, string), int> _places = expected
        .Index()
        .ToDictionary(one => Token(one.Item.Xid, one.Item.Change.Op, one.Item.Change.Row), one => one.Index);
    private readonly DeliveredEvent?[] _first = new DeliveredEvent?[expected.Count];
    private DeliveredEvent? _last,
        _lastChange;
    private int _next;

    public List<DeliveryFault> Faults { get; } = [];

    /// <summary>The events that were there before, with what comes before them in commit order.</summary>
    public List<(DeliveredEvent Event, ulong LastCommit)> Repeats { get; } = [];

    /// <summary>All of them, with what comes before them in commit order.</summary>
    public List<(DeliveredEvent Event, ulong LastCommit)> Taken { get; } = [];

    /// <summary>Takes the key's next event in its partition.</summary>
    public void Take(DeliveredEvent next)
    {
        var isTombstone = next.Op == DeliveredEvent.Tombstone;
        // A tombstone says nothing of itself: it belongs to the delete before it.
        var of = isTombstone ? _lastChange : next;
        var isNewRun = _last is not null && next.Run != _last.Run;
        if (_last is not null && (next.Partition != _last.Partition || string.CompareOrdinal(next.Run, _last.Run) < 0))
            Faults.Add(new DeliveryFault.Disorder(next));
        _last = next;
        _lastChange = isTombstone ? _lastChange : next;
        if (of is null || !_places.TryGetValue(Token(of.Xid, next.Op, next.Row), out var place))
        {
            Faults.Add(new DeliveryFault.Phantom(next));
            return;
        }
        var isRepeat = _first[place] is not null;
        if (isRepeat)
        {
            Repeats.Add((next, of.LastCommit));
            if (_first[place]!.Content != next.Content)
                Faults.Add(new DeliveryFault.Difference(_first[place]!, next));
        }
        if (place < _next && !isRepeat || place > _next && _first[_next..place].Any(one => one is not null))
            Faults.Add(new DeliveryFault.Disorder(next));
        else if (place < _next && !isNewRun)
            Faults.Add(new DeliveryFault.Repeat(next));
        Taken.Add((next, of.LastCommit));
        _first[place] ??= next;
        _next = place + 1;
    }

    /// <summary>Nothing comes any more.</summary>
    public void End()
    {
        foreach (var (place, (xid, change)) in expected.Index())
        {
            if (_first[place] is null)
                Faults.Add(new DeliveryFault.Gap(xid, change));
        }
        if (_next < expected.Count && _first[_next] is not null)
            Faults.Add(new DeliveryFault.Disorder(_last!)); // it went back, and has not come forward again
    }

    private static (uint, string, string) Token(uint xid, string op, string row) => (op == "r" ? 0 : xid, op, row);
}
