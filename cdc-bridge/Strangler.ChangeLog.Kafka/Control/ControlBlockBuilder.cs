using System.Runtime.InteropServices;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Builds a block, record by record.</summary>
internal sealed class ControlBlockBuilder
{
    private readonly List<RecordGroup> _groups = [];
    private readonly List<RecordRun> _runs = [];
    private readonly List<InlineRecord> _inlines = [];
    private readonly Dictionary<(string Topic, int Partition), int> _numbers = [];
    private readonly List<(string Topic, int Partition, List<OffsetRange> Ranges, uint Checksum)> _places = [];
    private int _epoch;

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="at">Where its message is; null if the control record holds its content.</param>
    public void Add(LogRecord record, MessagePlace? at)
    {
        _epoch = record.Position.Epoch;
        AddPosition(record);
        var number = RecordRun.Inline;
        if (at is { } place)
            number = AddPlace(place, record);
        else
            _inlines.Add(new InlineRecord(record.Topic, record.Key, record.Headers, record.Value));
        if (_runs is [.., var run] && run.Place == number && run.Kind == record.Kind)
            _runs[^1] = run with { Count = run.Count + 1 };
        else
            _runs.Add(new RecordRun(number, record.Kind, 1));
    }

    public ControlBlock Build() =>
        new(
            _epoch,
            _groups,
            _runs,
            [.. _places.Select(place => new DataPlace(place.Topic, place.Partition, place.Ranges, place.Checksum))],
            _inlines
        );

    private void AddPosition(LogRecord record)
    {
        var (commit, ordinal) = (record.Position.Commit, record.Position.Ordinal);
        if (
            _groups is [.., var group]
            && group.Commit == commit
            && group.Xid == record.Xid
            && group.Ordinal + group.Count == ordinal
        )
            _groups[^1] = group with { Count = group.Count + 1 };
        else
            _groups.Add(new RecordGroup(commit, record.Xid, ordinal, 1));
    }

    private int AddPlace(MessagePlace at, LogRecord record)
    {
        if (!_numbers.TryGetValue((at.Topic, at.Partition), out var number))
        {
            _numbers[(at.Topic, at.Partition)] = number = _places.Count;
            _places.Add((at.Topic, at.Partition, [], uint.MaxValue));
        }
        ref var place = ref CollectionsMarshal.AsSpan(_places)[number];
        place.Checksum = MessageChecksum.Add(place.Checksum, record.Key, record.Value);
        if (place.Ranges is [.., var range] && range.Next == at.Offset)
            place.Ranges[^1] = range with { Count = range.Count + 1 };
        else if (place.Ranges is [.., var before] && before.Next > at.Offset)
            throw new InvalidOperationException(
                $"The broker stored a message at {at}, before one that was sent earlier."
            );
        else
            place.Ranges.Add(new OffsetRange(at.Offset, 1));
        return number;
    }
}
